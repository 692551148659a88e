import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeRecording } from '../../support/recording.ts';
import { type Answered, publicRequest, signedRequest } from '../../support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from '../../support/running-venue.ts';

const LIMIT = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '99' };
const MARKET = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' };
const WEIGHT_LIMIT = 6_000;

function without(parameters: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== name));
}

/** Codes and texts: errors.md and filters.md of github.com/binance/binance-spot-api-docs. */
describe('refusals', () => {
  let venue: RunningVenue;
  const post = (parameters: Readonly<Record<string, string | number>>): Promise<Answered> =>
    signedRequest(venue.rest, 'POST', '/api/v3/order', parameters);

  beforeAll(async () => {
    const file = writeRecording(temporaryFolder(), { bids: [['99.90', '5']], asks: [['100.00', '5']] });
    venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 });
  });

  afterAll(() => venue.server.close());

  it.each([
    ['an unknown symbol', { ...LIMIT, symbol: 'XXXUSDT' }, -1121, 'Invalid symbol.'],
    [
      'a symbol of strange letters',
      { ...LIMIT, symbol: 'btc/usdt' },
      -1100,
      "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
    ],
    [
      'no symbol',
      without(LIMIT, 'symbol'),
      -1102,
      "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    ],
    [
      'no side',
      without(LIMIT, 'side'),
      -1102,
      "Mandatory parameter 'side' was not sent, was empty/null, or malformed.",
    ],
    ['a wrong side', { ...LIMIT, side: 'HOLD' }, -1117, 'Invalid side.'],
    ['a wrong type', { ...LIMIT, type: 'PEGGED' }, -1116, 'Invalid orderType.'],
    ['a wrong time in force', { ...LIMIT, timeInForce: 'GTX' }, -1115, 'Invalid timeInForce.'],
    [
      'a limit order without time in force',
      without(LIMIT, 'timeInForce'),
      -1102,
      "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.",
    ],
    [
      'a limit order without price',
      without(LIMIT, 'price'),
      -1102,
      "Mandatory parameter 'price' was not sent, was empty/null, or malformed.",
    ],
    [
      'a limit order without quantity',
      without(LIMIT, 'quantity'),
      -1102,
      "Mandatory parameter 'quantity' was not sent, was empty/null, or malformed.",
    ],
    [
      'a market order without quantity',
      without(MARKET, 'quantity'),
      -1102,
      "Param 'origQty' or 'quoteOrderQty' must be sent, but both were empty/null!",
    ],
    ['a market order with a price', { ...MARKET, price: '100' }, -1106, "Parameter 'price' sent when not required."],
    [
      'a market order with time in force',
      { ...MARKET, timeInForce: 'GTC' },
      -1106,
      "Parameter 'timeInForce' sent when not required.",
    ],
    [
      'a post-only order with time in force',
      { ...LIMIT, type: 'LIMIT_MAKER' },
      -1106,
      "Parameter 'timeInForce' sent when not required.",
    ],
    [
      'a market order by quote quantity',
      { ...without(MARKET, 'quantity'), quoteOrderQty: '50' },
      -1013,
      'Quote order qty market orders are not support for this symbol.',
    ],
    ['a stop price', { ...LIMIT, stopPrice: '90' }, -1106, "Parameter 'stopPrice' sent when not required."],
    [
      'a quantity that is no number',
      { ...LIMIT, quantity: 'lots' },
      -1100,
      "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    ],
    [
      'a negative quantity',
      { ...LIMIT, quantity: '-1' },
      -1100,
      "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    ],
    [
      'a quantity with an exponent',
      { ...LIMIT, quantity: '1e3' },
      -1100,
      "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    ],
    [
      'a quantity of nine decimals',
      { ...LIMIT, quantity: '0.123456789' },
      -1111,
      "Parameter 'quantity' has too much precision.",
    ],
    ['an empty price', { ...LIMIT, price: '' }, -1105, "Parameter 'price' was empty."],
    [
      'an unknown answer type',
      { ...LIMIT, newOrderRespType: 'SHORT' },
      -1130,
      "Data sent for parameter 'newOrderRespType' is not valid.",
    ],
    [
      'a parameter that nobody reads',
      { ...LIMIT, colour: 'red' },
      -1104,
      "Not all sent parameters were read; read '8' parameter(s) but was sent '9'.",
    ],
    [
      'a client id of 37 letters',
      { ...LIMIT, newClientOrderId: 'a'.repeat(37) },
      -1100,
      "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.",
    ],
    ['a price off the tick', { ...LIMIT, price: '99.005' }, -1013, 'Filter failure: PRICE_FILTER'],
    ['a price of zero', { ...LIMIT, price: '0' }, -1013, 'Filter failure: PRICE_FILTER'],
    ['a quantity off the lot', { ...LIMIT, quantity: '0.100001' }, -1013, 'Filter failure: LOT_SIZE'],
    ['a quantity of zero', { ...LIMIT, quantity: '0' }, -1013, 'Filter failure: LOT_SIZE'],
    ['a quantity above the largest', { ...LIMIT, quantity: '9000.00001' }, -1013, 'Filter failure: LOT_SIZE'],
    // 0.05 * 99 = 4.95, below 5.
    ['too small a notional', { ...LIMIT, quantity: '0.05' }, -1013, 'Filter failure: NOTIONAL'],
    ['too large a notional', { ...LIMIT, quantity: '9000', price: '100000' }, -1013, 'Filter failure: NOTIONAL'],
    // The account has 1000 USDT and 2 BTC: 10.2 * 99 = 1009.80; at market 5 * 100 is all there is, 2.00001 is more than 2.
    [
      'a buy beyond the balance',
      { ...LIMIT, quantity: '10.2' },
      -2010,
      'Account has insufficient balance for requested action.',
    ],
    [
      'a sell beyond the balance',
      { ...LIMIT, side: 'SELL', quantity: '2.00001' },
      -2010,
      'Account has insufficient balance for requested action.',
    ],
    [
      'a post-only order that would take',
      { ...without(LIMIT, 'timeInForce'), type: 'LIMIT_MAKER', price: '100' },
      -2010,
      'Order would immediately match and take.',
    ],
  ])('of %s', async (_name, parameters, code, message) => {
    const answer = await post(parameters);
    expect({ status: answer.status, json: answer.json }).toEqual({ status: 400, json: { code, msg: message } });
  });

  it('names an id that is taken by an open order, and takes it again once that order has ended', async () => {
    const order = { ...LIMIT, newClientOrderId: 'only-once' };
    expect((await post(order)).status).toBe(200);
    expect((await post(order)).json).toEqual({ code: -2010, msg: 'Duplicate order sent.' });
    const cancel = { symbol: 'BTCUSDT', origClientOrderId: 'only-once' };
    expect((await signedRequest(venue.rest, 'DELETE', '/api/v3/order', cancel)).status).toBe(200);
    expect((await post(order)).status).toBe(200);
    expect((await signedRequest(venue.rest, 'DELETE', '/api/v3/order', cancel)).status).toBe(200);
  });

  it('accepts nothing for a test order, and refuses it as it would the order', async () => {
    const test = (parameters: Readonly<Record<string, string>>) =>
      signedRequest(venue.rest, 'POST', '/api/v3/order/test', parameters);
    expect((await test(LIMIT)).json).toEqual({});
    expect((await test({ ...LIMIT, price: '99.005' })).json).toEqual({
      code: -1013,
      msg: 'Filter failure: PRICE_FILTER',
    });
    const open = await signedRequest(venue.rest, 'GET', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    expect(open.json).toEqual([]);
  });

  it.each([
    ['an unknown order', 'GET', { symbol: 'BTCUSDT', orderId: 4711 }, -2013, 'Order does not exist.'],
    ['a cancel of an unknown order', 'DELETE', { symbol: 'BTCUSDT', orderId: 4711 }, -2011, 'Unknown order sent.'],
    [
      'a query without an id',
      'GET',
      { symbol: 'BTCUSDT' },
      -1102,
      "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    ],
  ] as const)('of %s', async (_name, method, parameters, code, message) => {
    const answer = await signedRequest(venue.rest, method, '/api/v3/order', parameters);
    expect(answer.json).toEqual({ code, msg: message });
  });

  it.each([
    ['a second too far ahead', 1_500, {}, -1021],
    ['older than five seconds', -6_000, {}, -1021],
    ['older than its own window', -700, { recvWindow: 500 }, -1021],
  ])('of a timestamp %s', async (_name, offset, parameters, code) => {
    const answer = await signedRequest(venue.rest, 'GET', '/api/v3/account', parameters, {
      timestamp: Date.now() + offset,
    });
    expect(answer.json.code).toBe(code);
  });

  it.each([
    ['a foreign key', { apiKey: 'foreign' }, 401, -2015],
    ['a foreign secret', { secret: 'foreign' }, 400, -1022],
  ])('of %s', async (_name, override, status, code) => {
    const answer = await signedRequest(venue.rest, 'GET', '/api/v3/account', {}, override);
    expect({ status: answer.status, code: answer.json.code }).toEqual({ status, code });
  });

  it.each([
    ['/api/v3/klines?symbol=BTCUSDT&interval=7m', -1120],
    ['/api/v3/depth?symbol=BTCUSDT&limit=many', -1100],
    ['/api/v3/depth?symbol=BTCUSDT&limit=0', -1130],
    ['/api/v3/depth?symbol=BTCUSDT&symbol=BTCUSDT', -1101],
    ['/api/v3/aggTrades?symbol=BTCUSDT&fromId=1&startTime=1', -1128],
    ['/api/v3/ticker/price?symbols=BTCUSDT', -1100],
  ])('of %s', async (path, code) => {
    expect((await publicRequest(venue.rest, path)).json.code).toBe(code);
  });

  it('of paths and methods that it does not have', async () => {
    expect((await publicRequest(venue.rest, '/api/v3/margin')).status).toBe(404);
    expect((await signedRequest(venue.rest, 'DELETE', '/api/v3/account', {})).status).toBe(405);
  });

  it('counts weight and orders in its headers and refuses with 429 once the minute is used up', async () => {
    const spent = Number((await publicRequest(venue.rest, '/api/v3/ping')).headers.get('x-mbx-used-weight-1m'));
    // A whole book weighs 250, a ping 1.
    const book = await publicRequest(venue.rest, '/api/v3/depth?symbol=BTCUSDT&limit=5000');
    const afterBook = Number(book.headers.get('x-mbx-used-weight-1m'));
    // The minute may have turned between the two requests.
    expect([spent + 250, 250]).toContain(afterBook);
    const order = await post({ ...LIMIT, timeInForce: 'IOC' });
    expect(Number(order.headers.get('x-mbx-order-count-10s'))).toBeGreaterThan(0);
    let last = book;
    for (let sent = 0; sent * 250 <= 2 * WEIGHT_LIMIT && last.status === 200; sent += 1) {
      last = await publicRequest(venue.rest, '/api/v3/depth?symbol=BTCUSDT&limit=5000');
    }
    expect({ status: last.status, code: last.json.code }).toEqual({ status: 429, code: -1003 });
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(last.headers.get('x-mbx-used-weight-1m'))).toBeGreaterThan(WEIGHT_LIMIT);
  });
});

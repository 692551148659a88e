import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiCredentials } from '../../../adapters/credentials/credentials.ts';
import type { VenueAccountConfig } from '../../../adapters/venues/account-config.ts';
import { type CcxtVenueAccount, openVenueAccount } from '../../../adapters/venues/venue-account.ts';
import type { OrderRequest } from '../../../domain/orders/order.ts';
import { type BinanceStub, hangUp, json, markets, refusal, spotSymbol, startBinanceStub } from './binance-stub.ts';

const CLIENT_ID = '0123456789abcdef0123456789abcdef';
const ORDER: OrderRequest = {
  symbol: 'BTC/USDT',
  side: 'buy',
  type: 'limit',
  timeInForce: 'IOC',
  quantity: '0.25',
  price: '61234.57',
  clientOrderId: CLIENT_ID,
};
const ROUTE = 'POST /api/v3/order';

/** The exchange's documented answer to an order of type FULL, for the order above, filled by two trades. */
const FULL_ANSWER = {
  symbol: 'BTCUSDT',
  orderId: 28,
  orderListId: -1,
  clientOrderId: CLIENT_ID,
  transactTime: 1723161254123,
  price: '61234.57000000',
  origQty: '0.25000000',
  executedQty: '0.25000000',
  cummulativeQuoteQty: '15308.64250000',
  status: 'FILLED',
  timeInForce: 'IOC',
  type: 'LIMIT',
  side: 'BUY',
  fills: [
    { price: '61234.57000000', qty: '0.20000000', commission: '0.00020000', commissionAsset: 'BTC', tradeId: 56 },
    { price: '61234.57000000', qty: '0.05000000', commission: '0.00005000', commissionAsset: 'BTC', tradeId: 57 },
  ],
};

/** What the two trades of that answer have in common. */
const BOTH_FILLS = {
  orderId: '28',
  symbol: 'BTC/USDT',
  side: 'buy',
  price: '61234.57',
  feeAsset: 'BTC',
  maker: false,
  at: 1723161254123,
};

let stub: BinanceStub;
let account: CcxtVenueAccount;

async function open(overrides: Partial<VenueAccountConfig> = {}, requestTimeoutMs = 1000): Promise<CcxtVenueAccount> {
  const config: VenueAccountConfig = {
    id: 'sim',
    exchange: 'binance',
    rest: stub.url,
    credentialRef: 'sim',
    label: 'paper',
    consistencyMs: { recvWindowMs: 1500, apiTimeoutMs: 1000, marginMs: 2000 },
    assumptions: null,
    ...overrides,
  };
  return openVenueAccount(config, {
    clock: { now: () => Date.now() },
    credentials: { find: () => Promise.resolve(new ApiCredentials('the-key', 'the-secret')) },
    requestTimeoutMs,
  });
}

beforeEach(async () => {
  stub = await startBinanceStub();
  account = await open();
});

afterEach(async () => {
  await account.close();
  await stub.close();
});

describe('the trades in the answer to an order', () => {
  const [first] = FULL_ANSWER.fills;

  test.each<[string, object]>([
    ['that tells none', { ...FULL_ANSWER, fills: undefined }],
    ['of a trade without its id', { ...FULL_ANSWER, fills: [{ ...first, tradeId: undefined }] }],
    ['of a trade without the asset of its fee', { ...FULL_ANSWER, fills: [{ ...first, commissionAsset: undefined }] }],
    ['of a trade whose fee is no number', { ...FULL_ANSWER, fills: [{ ...first, commission: 'much' }] }],
    ['without a time', { ...FULL_ANSWER, transactTime: undefined }],
  ])('are none in one %s, and the order is acknowledged all the same', async (_case, answer) => {
    stub.on(ROUTE, json(answer));
    expect(await account.send(ORDER, 1_723_161_254_000)).toMatchObject({
      kind: 'acknowledged',
      order: { orderId: '28', filled: '0.25' },
      fills: [],
    });
  });
});

describe('an order on the wire', () => {
  test('carries price and quantity as given, client id, deadline and signature, and is sent once', async () => {
    stub.on(ROUTE, json(FULL_ANSWER));
    const outcome = await account.send(ORDER, 1_723_161_254_000);
    expect(outcome).toEqual({
      kind: 'acknowledged',
      order: {
        orderId: '28',
        clientOrderId: CLIENT_ID,
        symbol: 'BTC/USDT',
        side: 'buy',
        status: 'filled',
        price: '61234.57',
        quantity: '0.25',
        filled: '0.25',
        acceptedAt: 1723161254123,
      },
      fills: [
        { ...BOTH_FILLS, tradeId: '56', quantity: '0.2', fee: '0.0002' },
        { ...BOTH_FILLS, tradeId: '57', quantity: '0.05', fee: '0.00005' },
      ],
    });
    expect(stub.countOf(ROUTE)).toBe(1);
    const request = stub.requests.find((each) => each.method === 'POST');
    const fields = Object.fromEntries(request?.body ?? []);
    expect(fields).toEqual({
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'IOC',
      quantity: '0.25',
      price: '61234.57',
      newClientOrderId: CLIENT_ID,
      newOrderRespType: 'FULL',
      timestamp: '1723161254000',
      recvWindow: '1500',
      signature: fields['signature'],
    });
    // Signed as the exchange documents: HMAC-SHA256, hex, over everything before "&signature=".
    const [signed] = (request?.rawBody ?? '').split('&signature=');
    expect(fields['signature']).toBe(
      createHmac('sha256', 'the-secret')
        .update(signed ?? '')
        .digest('hex'),
    );
    expect(request?.headers['x-mbx-apikey']).toBe('the-key');
  });

  test('a price that is no whole tick is passed on as it is, never rounded by ccxt', async () => {
    stub.on(ROUTE, refusal(-1013, 'Filter failure: PRICE_FILTER'));
    await account.send({ ...ORDER, price: '61234.567', quantity: '0.000015' } as OrderRequest, Date.now());
    const sent = stub.requests.find((each) => each.method === 'POST')?.body;
    expect([sent?.get('price'), sent?.get('quantity')]).toEqual(['61234.567', '0.000015']);
  });

  test('a post-only order is a LIMIT_MAKER with a price and without a time in force', async () => {
    stub.on(ROUTE, json({ ...FULL_ANSWER, type: 'LIMIT_MAKER', status: 'NEW', executedQty: '0.00000000', fills: [] }));
    const order = { ...ORDER, timeInForce: 'GTC', postOnly: true } as OrderRequest;
    const outcome = await account.send(order, Date.now());
    expect(outcome).toMatchObject({ kind: 'acknowledged', order: { status: 'open', price: '61234.57' } });
    const sent = Object.fromEntries(stub.requests.find((each) => each.method === 'POST')?.body ?? []);
    expect(sent).toMatchObject({
      type: 'LIMIT_MAKER',
      price: '61234.57',
      quantity: '0.25',
      newClientOrderId: CLIENT_ID,
    });
    expect(sent).not.toHaveProperty('timeInForce');
    expect(sent).not.toHaveProperty('postOnly');
  });

  test('an order that may rest and take is a LIMIT order, good till cancelled', async () => {
    stub.on(ROUTE, json({ ...FULL_ANSWER, status: 'NEW', executedQty: '0.00000000', fills: [] }));
    await account.send({ ...ORDER, timeInForce: 'GTC' } as OrderRequest, Date.now());
    const sent = Object.fromEntries(stub.requests.find((each) => each.method === 'POST')?.body ?? []);
    expect(sent).toMatchObject({ type: 'LIMIT', timeInForce: 'GTC' });
  });

  test('a stop is a STOP_LOSS_LIMIT with its trigger, good till cancelled', async () => {
    stub.on(
      ROUTE,
      json({ ...FULL_ANSWER, type: 'STOP_LOSS_LIMIT', status: 'NEW', executedQty: '0.00000000', fills: [] }),
    );
    const order = { ...ORDER, side: 'sell', timeInForce: 'GTC', stopPrice: '61500.5' } as OrderRequest;
    const outcome = await account.send(order, Date.now());
    expect(outcome).toMatchObject({ kind: 'acknowledged', order: { status: 'open', filled: '0', price: '61234.57' } });
    const sent = Object.fromEntries(stub.requests.find((each) => each.method === 'POST')?.body ?? []);
    expect(sent).toMatchObject({
      symbol: 'BTCUSDT',
      side: 'SELL',
      type: 'STOP_LOSS_LIMIT',
      timeInForce: 'GTC',
      quantity: '0.25',
      price: '61234.57',
      stopPrice: '61500.5',
      newOrderRespType: 'FULL',
      newClientOrderId: CLIENT_ID,
    });
    expect(sent).not.toHaveProperty('stopLossPrice');
  });

  test('an answer that tells no more than that a stop was taken is an acknowledgement', async () => {
    // Binance's ACK, its default for a stop: no side, no quantity, no status.
    const { symbol, orderId, clientOrderId, transactTime } = FULL_ANSWER;
    stub.on(ROUTE, json({ symbol, orderId, orderListId: -1, clientOrderId, transactTime }));
    const order = { ...ORDER, side: 'sell', timeInForce: 'GTC', stopPrice: '61500.5' } as OrderRequest;
    const outcome = await account.send(order, Date.now());
    expect(outcome).toMatchObject({ kind: 'acknowledged', order: { status: 'open', side: 'sell', quantity: '0.25' } });
  });

  test('a market order has neither price nor time in force', async () => {
    stub.on(ROUTE, json({ ...FULL_ANSWER, type: 'MARKET', price: '0.00000000' }));
    const { price: _price, timeInForce: _force, ...rest } = ORDER as Extract<OrderRequest, { type: 'limit' }>;
    const outcome = await account.send({ ...rest, type: 'market' }, Date.now());
    expect(outcome).toMatchObject({ kind: 'acknowledged', order: { price: null, quantity: '0.25' } });
    const sent = stub.requests.find((each) => each.method === 'POST')?.body;
    expect([sent?.get('price'), sent?.get('timeInForce'), sent?.get('quantity')]).toEqual([null, null, '0.25']);
  });
});

describe('instruments', () => {
  test('have tick, lot and minimums exactly as the exchange writes them', async () => {
    const shib = spotSymbol('SHIB', 'USDT', {
      tickSize: '0.00000001',
      stepSize: '1.00000000',
      minQty: '1.00000000',
      maxQty: '46116860414.00000000',
      minNotional: '1.00000000',
    });
    stub.on('GET /api/v3/exchangeInfo', json(markets([spotSymbol('BTC', 'USDT'), shib])));
    expect(await account.instruments()).toEqual([
      {
        symbol: 'BTC/USDT',
        base: 'BTC',
        quote: 'USDT',
        tick: '0.01',
        lot: '0.00001',
        minQuantity: '0.00001',
        maxQuantity: '9000',
        minNotional: '5',
      },
      {
        symbol: 'SHIB/USDT',
        base: 'SHIB',
        quote: 'USDT',
        tick: '0.00000001',
        lot: '1',
        minQuantity: '1',
        maxQuantity: '46116860414',
        minNotional: '1',
      },
    ]);
  });
});

describe('how many stops of a symbol may be open', () => {
  test("is the symbol's own filter, and not known without one", async () => {
    const limited = spotSymbol('BTC', 'USDT', { maxNumAlgoOrders: '7' });
    stub.on('GET /api/v3/exchangeInfo', json(markets([limited, spotSymbol('SHIB', 'USDT')])));
    expect(await account.stopOrderLimit('BTC/USDT')).toBe(7);
    expect(await account.stopOrderLimit('SHIB/USDT')).toBeNull();
    await expect(account.stopOrderLimit('XYZ/USDT')).rejects.toMatchObject({ code: 'NO_SUCH_MARKET' });
  });
});

describe('look-ups', () => {
  test('an order is absent only when the exchange says that it does not exist', async () => {
    const find = () => account.findByClientOrderId('BTC/USDT', CLIENT_ID);
    stub.on('GET /api/v3/order', refusal(-2013, 'Order does not exist.'));
    expect(await find()).toBeNull();
    expect(Object.fromEntries(stub.requests.at(-1)?.query ?? [])).toMatchObject({
      symbol: 'BTCUSDT',
      origClientOrderId: CLIENT_ID,
    });
    stub.on(
      'GET /api/v3/order',
      refusal(-2026, 'Order was canceled or expired with no executed qty over 90 days ago.'),
    );
    await expect(find()).rejects.toMatchObject({ name: 'VenueReadError', code: '-2026' });
    stub.on('GET /api/v3/order', hangUp);
    await expect(find()).rejects.toMatchObject({ name: 'VenueReadError' });
    stub.on('GET /api/v3/order', json({ code: -1000, msg: 'Unknown' }, 503));
    await expect(find()).rejects.toMatchObject({ name: 'VenueReadError', code: '-1000' });
  });

  test('a cancel is done when the order is unknown, and failed when the exchange says anything else', async () => {
    stub.on('DELETE /api/v3/order', refusal(-2011, 'Unknown order sent.'));
    await account.cancel('BTC/USDT', CLIENT_ID);
    stub.on('DELETE /api/v3/order', refusal(-2011, 'Order was not canceled due to cancel restrictions.'));
    await expect(account.cancel('BTC/USDT', CLIENT_ID)).rejects.toMatchObject({ code: '-2011' });
    expect(stub.countOf('DELETE /api/v3/order')).toBe(2);
  });

  test('the fills of an order come from all pages', async () => {
    const trade = (id: number) => ({
      symbol: 'BTCUSDT',
      id,
      orderId: 28,
      orderListId: -1,
      price: '61000.00000000',
      qty: '0.00010000',
      quoteQty: '6.10000000',
      commission: '0.00000010',
      commissionAsset: 'BTC',
      time: 1723161254123,
      isBuyer: true,
      isMaker: false,
      isBestMatch: true,
    });
    stub.on('GET /api/v3/myTrades', (request, response) => {
      const from = Number(request.query.get('fromId') ?? 1);
      const page = Array.from({ length: Math.min(1000, 2004 - from) }, (_, index) => trade(from + index));
      return json(page)(request, response);
    });
    const fills = await account.fillsOfOrder('BTC/USDT', '28');
    expect(fills).toHaveLength(2003);
    expect(fills[2002]).toEqual({
      tradeId: '2003',
      orderId: '28',
      symbol: 'BTC/USDT',
      side: 'buy',
      price: '61000',
      quantity: '0.0001',
      fee: '0.0000001',
      feeAsset: 'BTC',
      maker: false,
      at: 1723161254123,
    });
    const queries = stub.requests.filter(({ path }) => path === '/api/v3/myTrades').map(({ query }) => query);
    expect(queries.map((query) => [query.get('orderId'), query.get('fromId')])).toEqual([
      ['28', null],
      ['28', '1001'],
      ['28', '2001'],
    ]);
  });

  test('a read that the exchange refuses for its time is followed by a new measurement', async () => {
    await account.measureClock();
    stub.on('GET /api/v3/openOrders', refusal(-1021, 'Timestamp for this request is outside of the recvWindow.'));
    stub.on('GET /api/v3/time', (request, response) => json({ serverTime: Date.now() + 5000 })(request, response));
    await expect(account.openOrders('BTC/USDT')).rejects.toMatchObject({ code: '-1021' });
    expect(account.venueNow() - Date.now()).toBeGreaterThan(4900);
    stub.on('GET /api/v3/openOrders', json([]));
    await account.openOrders('BTC/USDT');
    expect(Number(stub.requests.at(-1)?.query.get('timestamp')) - Date.now()).toBeGreaterThan(4500);
  });
});

describe('the secret', () => {
  test('is in no text made of an account or of an error', async () => {
    stub.on('GET /api/v3/account', hangUp);
    const error: unknown = await account.balances().catch((each: unknown) => each);
    const texts = [
      JSON.stringify(account),
      inspect(account, { depth: 20, showHidden: false }),
      inspect(error, { depth: 20 }),
    ];
    for (const text of texts) expect(text).not.toMatch(/the-secret|the-key/);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ApiCredentials } from '../../../adapters/credentials/credentials.ts';
import { binance } from '../../../adapters/venues/capabilities/binance.ts';
import { generic } from '../../../adapters/venues/capabilities/generic.ts';
import { classifySendFailure } from '../../../adapters/venues/send-failure.ts';
import { type CcxtVenueAccount, openVenueAccount } from '../../../adapters/venues/venue-account.ts';
import type { OrderRequest } from '../../../domain/orders/order.ts';
import { type BinanceStub, hangUp, json, refusal, type StubAnswer, startBinanceStub } from './binance-stub.ts';

const ROUTE = 'POST /api/v3/order';
const orderWith = (clientOrderId: string): OrderRequest => ({
  symbol: 'BTC/USDT',
  side: 'sell',
  type: 'limit',
  timeInForce: 'GTC',
  quantity: '0.1',
  price: '61000',
  clientOrderId,
});
const ORDER = orderWith('c0ffee00c0ffee00c0ffee00c0ffee00');

const html: (status: number) => StubAnswer = (status) => (_request, response) => {
  response.writeHead(status, { 'content-type': 'text/html' }).end('<html><body>Bad Gateway</body></html>');
};

const accepted = (clientOrderId: string): unknown => ({
  symbol: 'BTCUSDT',
  orderId: 4711,
  clientOrderId,
  transactTime: 1723161254123,
  price: '61000.00000000',
  origQty: '0.10000000',
  executedQty: '0.00000000',
  cummulativeQuoteQty: '0.00000000',
  status: 'NEW',
  timeInForce: 'GTC',
  type: 'LIMIT',
  side: 'SELL',
  fills: [],
});

let stub: BinanceStub;
let account: CcxtVenueAccount;
let warnings: string[];

beforeEach(async () => {
  stub = await startBinanceStub();
  warnings = [];
  account = await openVenueAccount(
    {
      id: 'sim',
      exchange: 'binance',
      rest: stub.url,
      credentialRef: 'sim',
      label: 'paper',
      consistencyMs: { recvWindowMs: 1000, apiTimeoutMs: 1000, marginMs: 2000 },
      assumptions: null,
    },
    {
      clock: { now: () => Date.now() },
      credentials: { find: () => Promise.resolve(new ApiCredentials('the-key', 'the-secret')) },
      logger: { warn: (message) => warnings.push(message) },
      requestTimeoutMs: 400,
    },
  );
  await account.instruments();
});

afterEach(async () => {
  await account.close();
  await stub.close();
});

describe('the outcome is unknown, and the order was sent once,', () => {
  const cases: [string, StubAnswer][] = [
    ['when the connection breaks before an answer', hangUp],
    [
      'when it breaks within the answer',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '500' });
        response.write('{"symbol":"BTC', () => response.destroy());
      },
    ],
    ['when no answer comes in time', () => undefined],
    [
      'when the headers come in time and the body does not',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"symbol":');
      },
    ],
    ['after an HTML 502', html(502)],
    ['after a 503 without a body', (_request, response) => void response.writeHead(503).end()],
    ['after a 504 that says timeout', refusal(-1007, 'Timeout waiting for response from backend server.', 504)],
    ['after a server error with a code that is otherwise a refusal', refusal(-2010, 'Account has insufficient…', 500)],
    ['after an HTML 200', html(200)],
    ['after an answer that is no order', json({})],
    ['after an order with another client id', json(accepted('ffffffffffffffffffffffffffffffff'))],
    ['after a redirect', (_request, response) => void response.writeHead(307, { location: '/elsewhere' }).end()],
    ['after a 400 without a code', html(400)],
    ['after an undocumented code', refusal(-4999, 'Something new.')],
    ['after "Duplicate order sent."', refusal(-2010, 'Duplicate order sent.')],
  ];
  test.each(cases)('%s', async (_name, answer) => {
    stub.on(ROUTE, answer);
    expect(await account.send(ORDER, Date.now())).toMatchObject({ kind: 'unknown' });
    expect(stub.countOf(ROUTE)).toBe(1);
    expect(stub.requests.filter(({ path }) => path === '/elsewhere')).toHaveLength(0);
  });
});

describe('the order is refused', () => {
  const cases: [string, StubAnswer, 'never' | 'later', string][] = [
    ['without balance', refusal(-2010, 'Account has insufficient balance for requested action.'), 'never', '-2010'],
    ['with a wrong step', refusal(-1013, 'Filter failure: LOT_SIZE'), 'never', '-1013'],
    ['below the least notional', refusal(-1013, 'Filter failure: NOTIONAL'), 'never', '-1013'],
    ['too far from the market', refusal(-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE'), 'later', '-1013'],
    ['with too many orders open', refusal(-2010, 'Filter failure: MAX_NUM_ORDERS'), 'later', '-2010'],
    [
      'of an order that may only wait and would take',
      refusal(-2010, 'Order would immediately match and take.'),
      'later',
      '-2010',
    ],
    [
      'of a stop that the market has passed',
      refusal(-2010, 'Stop price would trigger immediately.'),
      'never',
      'TRIGGER_PASSED',
    ],
    ['while the market is closed', refusal(-2010, 'Market is closed.'), 'later', '-2010'],
    ['by the engine', refusal(-1010, 'This symbol is restricted for this account.'), 'never', '-1010'],
    ['with a key that is not allowed', refusal(-2015, 'Invalid API-key, IP, or permissions.', 401), 'never', '-2015'],
    ['by the firewall', html(403), 'later', '403'],
    ['too many at once', refusal(-1015, 'Too many new orders.', 429, { 'retry-after': '3' }), 'later', '-1015'],
  ];
  test.each(cases)('%s', async (_name, answer, retry, code) => {
    stub.on(ROUTE, answer);
    expect(await account.send(ORDER, Date.now())).toMatchObject({ kind: 'refused', retry, code });
    expect(stub.countOf(ROUTE)).toBe(1);
  });

  test('for a wrong time, and the clock is measured anew', async () => {
    stub.on(ROUTE, refusal(-1021, 'Timestamp for this request is outside of the recvWindow.'));
    stub.on('GET /api/v3/time', (request, response) => json({ serverTime: Date.now() + 90_000 })(request, response));
    expect(await account.send(ORDER, Date.now())).toMatchObject({ kind: 'refused', retry: 'later', code: '-1021' });
    expect(account.health().clockOffsetMs).toBeGreaterThan(89_000);
  });

  test('when nothing listens at the address: no connection, so nothing was sent', async () => {
    await stub.close();
    const outcome = await account.send(ORDER, Date.now());
    expect(outcome).toMatchObject({ kind: 'refused', retry: 'later', code: 'ECONNREFUSED' });
  });

  test('for an unknown symbol, without a request', async () => {
    const outcome = await account.send({ ...ORDER, symbol: 'XYZ/USDT' }, Date.now());
    expect(outcome).toMatchObject({ kind: 'refused', retry: 'never', code: 'NO_SUCH_MARKET' });
    expect(stub.countOf(ROUTE)).toBe(0);
  });
});

test('answers of orders in flight together are not mixed up', async () => {
  const ids = Array.from({ length: 6 }, (_, index) => String(index).repeat(32));
  const held: (() => void)[] = [];
  // All six are held until the last has come; then they are answered in reverse, every other one with a refusal.
  stub.on(ROUTE, (request, response) => {
    const id = request.body.get('newClientOrderId') ?? '';
    const answer = Number(id[0]) % 2 === 0 ? json(accepted(id)) : refusal(-2010, 'Market is closed.');
    held.push(() => void answer(request, response));
    if (held.length === ids.length) for (const release of held.toReversed()) release();
  });
  const outcomes = await Promise.all(ids.map((id) => account.send(orderWith(id), Date.now())));
  outcomes.forEach((outcome, index) => {
    if (index % 2 === 0) expect(outcome).toMatchObject({ kind: 'acknowledged', order: { clientOrderId: ids[index] } });
    else expect(outcome).toMatchObject({ kind: 'refused', code: '-2010' });
  });
  expect(stub.countOf(ROUTE)).toBe(6);
});

test('after a 429 nothing is sent until the wait is over', async () => {
  stub.on('GET /api/v3/openOrders', refusal(-1003, 'Too much request weight used.', 429, { 'retry-after': '30' }));
  const error: unknown = await account.openOrders('BTC/USDT').catch((each: unknown) => each);
  expect(error).toMatchObject({ name: 'VenueReadError', code: '-1003', retryAfterMs: 30_000 });
  const requests = stub.requests.length;
  expect(await account.send(ORDER, Date.now())).toMatchObject({ kind: 'refused', retry: 'later', code: '429' });
  await expect(account.quote('BTC/USDT')).rejects.toMatchObject({ name: 'VenueReadError', code: '429' });
  expect(stub.requests).toHaveLength(requests);
  expect(account.health().status).not.toBe('up');
  expect(warnings.join()).toContain('429');
});

describe('the code table', () => {
  /** Every code of "Error codes for Binance", spot, as of 2026, apart from those told apart by their message. */
  const documented = `
    -1000 -1001 -1002 -1003 -1006 -1007 -1008 -1014 -1015 -1016 -1020 -1021 -1022 -1033 -1034 -1035
    -1100 -1101 -1102 -1103 -1104 -1105 -1106 -1108 -1111 -1112 -1114 -1115 -1116 -1117 -1118 -1119
    -1120 -1121 -1122 -1125 -1127 -1128 -1130 -1134 -1135 -1139 -1145 -1151 -1152 -1153 -1155 -1158
    -1160 -1161 -1165 -1166 -1168 -1169 -1170 -1171 -1172 -1173 -1174 -1175 -1176 -1177 -1178 -1179
    -1180 -1181 -1182 -1183 -1184 -1185 -1186 -1187 -1188 -1189 -1190 -1191 -1194 -1196 -1197 -1198
    -1199 -1210 -1211 -1220 -1221 -1222 -1223 -1224 -1225 -2011 -2013 -2014 -2015 -2016 -2021 -2022
    -2026 -2035 -2036 -2038 -2039 -2042`
    .trim()
    .split(/\s+/);

  test('knows every documented code', () => {
    const unknown = documented.filter((code) => binance.meaningOf({ code, message: '' }) === null);
    expect(unknown).toEqual([]);
  });

  // The documentation calls the outcome of these unknown, or they cannot answer a new order.
  test.each([-1000, -1001, -1006, -1007, -1008, -2011, -2013, -2026])('leaves %i open', (code) => {
    expect(binance.meaningOf({ code: String(code), message: '' })).toBe('ambiguous');
  });

  test('of an exchange without one leaves every code open, whatever class ccxt gives it', () => {
    const answer = { status: 400, headers: {}, body: '{"code":"51149","msg":"Order placement failed"}' };
    const record = { requests: 1, answer, failureCode: null };
    const outcome = classifySendFailure(new Error('InvalidOrder'), record, generic);
    expect(outcome).toEqual({ kind: 'unknown', reason: 'the venue answered HTTP 400, 51149: Order placement failed' });
  });
});

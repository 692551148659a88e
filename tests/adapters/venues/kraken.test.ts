import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ApiCredentials } from '../../../adapters/credentials/credentials.ts';
import { kraken } from '../../../adapters/venues/capabilities/kraken.ts';
import { toInstrument } from '../../../adapters/venues/mapping/instrument.ts';
import { classifySendFailure } from '../../../adapters/venues/send-failure.ts';
import { VenueClient } from '../../../adapters/venues/venue-client.ts';

const CLIENT_ID = '0123456789abcdef0123456789abcdef';

/** A pair as Kraken's documentation of AssetPairs describes it. */
const PAIRS = {
  XXBTZUSD: {
    altname: 'XBTUSD',
    wsname: 'XBT/USD',
    aclass_base: 'currency',
    base: 'XXBT',
    aclass_quote: 'currency',
    quote: 'ZUSD',
    lot: 'unit',
    pair_decimals: 1,
    lot_decimals: 8,
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [[0, 0.26]],
    fees_maker: [[0, 0.16]],
    fee_volume_currency: 'ZUSD',
    margin_call: 80,
    margin_stop: 40,
    ordermin: '0.0001',
    costmin: '0.5',
    tick_size: '0.1',
    status: 'online',
  },
};

const ENDED = {
  status: 'closed',
  opentm: 1723161254.123,
  cl_ord_id: CLIENT_ID,
  descr: { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '61000.0' },
  vol: '0.25000000',
  vol_exec: '0.25000000',
  cost: '15250.00000',
  fee: '24.40000',
  price: '61000.0',
};

let server: Server;
let client: VenueClient;
let asked: { path: string; body: URLSearchParams }[];
let answers: Record<string, unknown>;

beforeEach(async () => {
  asked = [];
  answers = {
    '/0/public/AssetPairs': { error: [], result: PAIRS },
    '/0/public/Assets': { error: [], result: {} },
    '/0/public/Time': { error: [], result: { unixtime: Math.floor(Date.now() / 1000) } },
    '/0/private/OpenOrders': { error: [], result: { open: {} } },
    '/0/private/ClosedOrders': { error: [], result: { closed: {}, count: 0 } },
  };
  server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const path = new URL(request.url ?? '/', 'http://stub').pathname;
      asked.push({ path, body: new URLSearchParams(body) });
      response.end(JSON.stringify(answers[path] ?? { error: ['EGeneral:Unknown method'] }));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  client = new VenueClient({
    exchange: 'kraken',
    rest: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: new ApiCredentials('key', Buffer.from('secret').toString('base64')),
    // ccxt spaces requests to Kraken a second apart, which a test need not wait for.
    capability: { ...kraken, usesCcxtLimiter: false },
    clock: { now: () => Date.now() },
  });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

test('an ended order is found by its client id in the list of ended orders, never by userref', async () => {
  answers['/0/private/ClosedOrders'] = { error: [], result: { closed: { 'OAB-1': ENDED }, count: 1 } };
  expect(await kraken.findByClientOrderId(client, await client.market('BTC/USD'), CLIENT_ID)).toEqual({
    orderId: 'OAB-1',
    clientOrderId: CLIENT_ID,
    symbol: 'BTC/USD',
    side: 'buy',
    status: 'filled',
    price: '61000',
    quantity: '0.25',
    filled: '0.25',
    acceptedAt: 1723161254123,
  });
  const lookups = asked.filter(({ path }) => path.startsWith('/0/private/'));
  expect(lookups.map(({ path }) => path)).toEqual(['/0/private/OpenOrders', '/0/private/ClosedOrders']);
  for (const { body } of lookups) {
    expect([body.get('cl_ord_id'), body.get('userref')]).toEqual([CLIENT_ID, null]);
  }
});

test('an order in neither list is not found, and the venue is one where nothing may be concluded from that', async () => {
  expect(await kraken.findByClientOrderId(client, await client.market('BTC/USD'), CLIENT_ID)).toBeNull();
  expect(kraken.hasOrderDeadline).toBe(false);
});

test('steps and minimums are those of the pair', async () => {
  const market = await client.market('BTC/USD');
  expect(toInstrument(market, Number(client.exchange.precisionMode))).toMatchObject({
    symbol: 'BTC/USD',
    tick: '0.1',
    lot: '0.00000001',
    minQuantity: '0.0001',
    minNotional: '0.5',
  });
});

test.each([
  ['EOrder:Insufficient funds', { kind: 'refused', retry: 'never' }],
  ['EGeneral:Invalid arguments:volume', { kind: 'refused', retry: 'never' }],
  ['EAPI:Rate limit exceeded', { kind: 'refused', retry: 'later' }],
  ['EService:Deadline elapsed', { kind: 'refused', retry: 'later' }],
  ['EService:Timeout', { kind: 'unknown' }],
  ['EService:Unavailable', { kind: 'unknown' }],
  ['EOrder:Something new', { kind: 'unknown' }],
])('a send answered %s', (code, outcome) => {
  const answer = { status: 200, headers: {}, body: JSON.stringify({ error: [code] }) };
  const record = { requests: 1, answer, failureCode: null };
  expect(classifySendFailure(new Error('ccxt says anything'), record, kraken)).toMatchObject(outcome);
});

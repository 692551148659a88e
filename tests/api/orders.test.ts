import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { OrderRecord } from '../../adapters/ports/order-list.ts';
import { BTC, type FakePlatform, NOW, startFakeApi, withKey } from './fakes/platform.ts';

const order = (clientOrderId: string, given: Partial<OrderRecord> = {}): OrderRecord => ({
  clientOrderId,
  executionId: 'ex-1',
  child: 1,
  attempt: 1,
  slice: 1,
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'buy',
  price: '60061',
  quantity: '0.3',
  mode: 'take',
  stopPrice: null,
  filled: '0.3',
  // 0.1 at 60000 and 0.2 at 60003: 18000.6, and 18000.6 / 0.3 = 60002
  notional: '18000.6',
  state: 'filled',
  signedAt: NOW,
  sentAt: NOW,
  notAfter: NOW + 15_000,
  mid: '60000',
  venueOrderId: '77',
  problem: null,
  retryable: true,
  endedAt: NOW + 40,
  ...given,
});

let app: FastifyInstance;
let platform: FakePlatform;
beforeEach(async () => {
  ({ app, platform } = await startFakeApi());
});
afterEach(() => app.close());
const get = async (url: string) => (await app.inject({ url, headers: withKey() })).json();

describe('orders', () => {
  it('come in pages, newest first, by execution, venue, symbol and state', async () => {
    platform.orders.orders.push(order('a'), order('b', { executionId: 'ex-2', state: 'expired' }), order('c'));
    const first = await get('/v1/orders?limit=2');
    expect(first.items.map(({ clientOrderId }: OrderRecord) => clientOrderId)).toEqual(['c', 'b']);
    expect((await get(`/v1/orders?limit=2&cursor=${first.next}`)).items).toMatchObject([{ clientOrderId: 'a' }]);
    expect((await get('/v1/orders?execution=ex-2')).items).toMatchObject([{ clientOrderId: 'b', state: 'expired' }]);
    expect((await get('/v1/orders?state=filled&venue=sim&symbol=BTC/USDT')).items).toHaveLength(2);
    expect((await get('/v1/orders?venue=other')).items).toEqual([]);
  });

  it('are shown with their fills and their average price', async () => {
    platform.orders.orders.push(order('a'));
    const fill = { symbol: 'BTC/USDT', side: 'buy', orderId: '77', feeAsset: 'BTC', maker: false, at: NOW } as const;
    platform.orders.fills.set('a', [
      { ...fill, tradeId: '1', price: '60000', quantity: '0.1', fee: '0.0001' },
      { ...fill, tradeId: '2', price: '60003', quantity: '0.2', fee: '0.0002' },
    ]);
    expect(await get('/v1/orders/a')).toMatchObject({
      clientOrderId: 'a',
      avgPrice: '60002',
      sentAt: '2026-11-23T12:00:00.000Z',
      endedAt: '2026-11-23T12:00:00.040Z',
      fills: [{ tradeId: '1' }, { tradeId: '2', price: '60003', fee: '0.0002' }],
    });
  });

  it('that have not filled have no average price', async () => {
    platform.orders.orders.push(order('a', { filled: '0', notional: '0', state: 'expired' }));
    expect((await get('/v1/orders/a')).avgPrice).toBeNull();
  });
});

describe('instruments', () => {
  it('come in pages by symbol and can be searched', async () => {
    platform.instruments = ['ETH/USDT', 'BTC/USDT', 'BTC/EUR'].map((symbol) => ({ ...BTC, symbol }));
    const first = await get('/v1/venues/sim/instruments?limit=2');
    expect(first).toMatchObject({ items: [{ symbol: 'BTC/EUR' }, { symbol: 'BTC/USDT' }], next: 'BTC/USDT' });
    const cursor = encodeURIComponent(first.next);
    expect(await get(`/v1/venues/sim/instruments?limit=2&cursor=${cursor}`)).toMatchObject({
      items: [{ symbol: 'ETH/USDT' }],
      next: null,
    });
    expect((await get('/v1/venues/sim/instruments?search=btc')).items).toHaveLength(2);
  });
});

describe('an order whose outcome nobody can look up', () => {
  const settle = (
    id: string,
    body: object = { outcome: 'not-placed', reason: "not in the venue's own list" },
    key?: string,
  ) => app.inject({ method: 'POST', url: `/v1/orders/${id}/settle`, headers: withKey(key), body });

  it('is closed as never placed at the word of an admin, which is kept', async () => {
    platform.orders.orders.push(order('a', { state: 'sending', filled: '0', notional: '0', venueOrderId: null }));
    const answer = await settle('a');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      clientOrderId: 'a',
      state: 'not-placed',
      problem: { code: 'SETTLED_BY_HAND', detail: "admin: not in the venue's own list" },
    });
  });

  it('is settled by nobody below an admin', async () => {
    platform.addKey('tw_trader', 'a-trader', 'trader');
    platform.orders.orders.push(order('a', { state: 'sending' }));
    expect((await settle('a', undefined, 'tw_trader')).statusCode).toBe(403);
    expect(platform.orders.orders).toMatchObject([{ state: 'sending' }]);
  });

  it.each([
    ['unknown', 404, 'ORDER_NOT_FOUND'],
    ['known', 409, 'ORDER_SETTLED'],
    ['young', 409, 'ORDER_TOO_YOUNG'],
  ])('is not settled while it is %s', async (id, status, code) => {
    platform.orders.orders.push(order('known', { state: 'working' }), order('young', { state: 'sending' }));
    const answer = await settle(id);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it.each([
    ['without a reason', { outcome: 'not-placed' }, 'reason'],
    ['as something else', { outcome: 'filled', reason: 'I saw it' }, 'outcome'],
  ])('is not settled %s', async (_, body, field) => {
    const answer = await settle('a', body);
    expect(answer.statusCode).toBe(422);
    expect(answer.json().errors).toMatchObject([{ field }]);
  });
});

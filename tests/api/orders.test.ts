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
  postOnly: false,
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

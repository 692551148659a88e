import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { ReconciliationRecord } from '../../adapters/ports/reconciliation-store.ts';
import type { VenueLimits } from '../../adapters/ports/venue-limits.ts';
import { NOTHING_FOUND } from '../helpers/sample-findings.ts';
import { type FakePlatform, NOW, startFakeApi, withKey } from './fakes/platform.ts';

let platform: FakePlatform;
let app: FastifyInstance;
beforeEach(async () => {
  ({ platform, app } = await startFakeApi());
});

const get = (url: string) => app.inject({ method: 'GET', url, headers: withKey() });

const run = (id: string, given: Partial<ReconciliationRecord> = {}): ReconciliationRecord => ({
  id,
  venue: 'sim',
  cause: 'janitor',
  startedAt: NOW - 2_000,
  endedAt: NOW - 1_500,
  lookedBackMs: 660_000,
  findings: { ...NOTHING_FOUND, foreignTrades: 1 },
  differences: { USDT: '-500.25' },
  snapshot: { balances: { USDT: '999499.75' }, cut: { at: NOW - 5_000, symbol: 'BTC/USDT', tradeId: '7' } },
  ...given,
});

describe('reconciliations', () => {
  it('tell what was found and what nothing explains', async () => {
    platform.reconciliations.runs.push(run('2'), run('1', { snapshot: null, differences: {} }));
    const answer = await get('/v1/reconciliations');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      items: [
        {
          id: '2',
          venue: 'sim',
          cause: 'janitor',
          startedAt: '2026-11-23T11:59:58.000Z',
          endedAt: '2026-11-23T11:59:58.500Z',
          lookedBackMs: 660_000,
          findings: { ...NOTHING_FOUND, foreignTrades: 1 },
          differences: { USDT: '-500.25' },
          balances: { USDT: '999499.75' },
        },
        expect.objectContaining({ id: '1', differences: {}, balances: null }),
      ],
      next: null,
    });
  });

  it('come in pages, of one venue or of all', async () => {
    platform.reconciliations.runs.push(run('3'), run('2', { venue: 'other' }), run('1'));
    const first = (await get('/v1/reconciliations?venue=sim&limit=1')).json();
    expect(first).toMatchObject({ items: [{ id: '3' }], next: '1' });
    expect((await get(`/v1/reconciliations?venue=sim&limit=1&cursor=${first.next}`)).json()).toMatchObject({
      items: [{ id: '1' }],
      next: null,
    });
    expect((await get('/v1/reconciliations')).json().items).toHaveLength(3);
  });

  it.each(['limit=0', 'limit=1001', 'cursor=x', 'venue=', 'colour=red'])('refuse %s', async (query) => {
    const answer = await get(`/v1/reconciliations?${query}`);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'INVALID_FIELDS']);
  });

  it('name the orders and trades of somebody else', async () => {
    const seen = { venue: 'sim', symbol: 'BTC/USDT', orderId: '90', clientOrderId: 'web_1', side: 'sell' } as const;
    platform.reconciliations.orders.push({
      ...seen,
      price: null,
      quantity: '1',
      filled: '0.5',
      acceptedAt: null,
      firstSeenAt: NOW - 60_000,
      lastSeenAt: NOW,
    });
    platform.reconciliations.trades.push({
      ...seen,
      tradeId: '900',
      price: '70000',
      quantity: '0.5',
      fee: '35',
      feeAsset: 'USDT',
      maker: true,
      at: NOW - 30_000,
      seenAt: NOW,
    });
    expect((await get('/v1/reconciliations/foreign-orders')).json()).toEqual({
      items: [
        {
          ...seen,
          price: null,
          quantity: '1',
          filled: '0.5',
          acceptedAt: null,
          firstSeenAt: '2026-11-23T11:59:00.000Z',
          lastSeenAt: '2026-11-23T12:00:00.000Z',
        },
      ],
      next: null,
    });
    expect((await get('/v1/reconciliations/foreign-trades?venue=sim')).json().items).toEqual([
      {
        ...seen,
        tradeId: '900',
        price: '70000',
        quantity: '0.5',
        fee: '35',
        feeAsset: 'USDT',
        maker: true,
        at: '2026-11-23T11:59:30.000Z',
        seenAt: '2026-11-23T12:00:00.000Z',
      },
    ]);
    expect((await get('/v1/reconciliations/foreign-trades?venue=other')).json().items).toEqual([]);
  });
});

describe('limits', () => {
  it('are shown with what is used of them; null before an owner has published them', async () => {
    const limits: VenueLimits = {
      quoteRates: { USDT: '1' },
      maxOrderNotional: '250000',
      maxOpenNotional: '1000000',
      allowedSymbols: ['BTC/USDT'],
      maxOrdersPer10s: 200,
      maxOrdersPerMinute: 1_000,
      collarBps: '100',
      maxQuoteAgeMs: 5_000,
      feeRate: '0.001',
    };
    const used = { openNotional: { USDT: '15000' }, ordersLast10s: 2, ordersLastMinute: 9 };
    platform.reconciliations.limits.push(
      { venue: 'new', limits: null, openNotional: {}, ordersLast10s: 0, ordersLastMinute: 0, at: NOW },
      { venue: 'sim', limits, ...used, at: NOW },
      { venue: 'wide', limits: { ...limits, allowedSymbols: 'all' }, ...used, at: NOW },
    );
    const answer = await get('/v1/limits');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      items: [
        { venue: 'new', limits: null, used: { openNotional: {}, ordersLast10s: 0, ordersLastMinute: 0 } },
        { venue: 'sim', limits, used },
        { venue: 'wide', limits: { ...limits, allowedSymbols: 'all' }, used },
      ],
      next: null,
    });
  });
});

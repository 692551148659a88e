import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewReconciliation, ReconciliationStore } from '../../../adapters/ports/reconciliation-store.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createFillIntake } from '../../../adapters/storage/fill-intake.ts';
import { createOpenExecutions } from '../../../adapters/storage/open-executions.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { createReconciliationStore } from '../../../adapters/storage/reconciliation-store.ts';
import { createVenueDirectory } from '../../../adapters/storage/venue-directory.ts';
import { createVenueLimitsBoard } from '../../../adapters/storage/venue-limits.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import type { VenueOrder } from '../../../domain/orders/order.ts';
import { compareTrades } from '../../../domain/portfolio/account-trade.ts';
import { NOTHING_FOUND } from '../../helpers/sample-findings.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

let storage: Storage;
let store: ReconciliationStore;
beforeAll(async () => {
  storage = await openStorage();
  store = createReconciliationStore(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  await createExecutionStore(storage.database).accept(executionOf('e1'), null);
});

const place = (child: number, given: Parameters<typeof intentOf>[1] = {}) =>
  createOrderLedger(storage.database).orderTransaction(given.venue ?? 'sim', async (transaction) => {
    await transaction.recordDecision(decisionOf(keyOf('e1', child)));
    await transaction.insertIntent(intentOf(keyOf('e1', child), given));
  });
const seen = (fill: Fill, clientOrderId: string | null, venue = 'sim') =>
  createFillIntake(storage.database).acceptStreamFill(venue, fill, clientOrderId, fill.orderId);
const end = (child: number, state: 'not-placed' | 'filled', fills: readonly Fill[] = []) =>
  createOrderLedger(storage.database).endIntent(keyOf('e1', child), {
    state,
    venueOrderId: state === 'filled' ? '77' : null,
    fills,
    problem: null,
  });

const order = (orderId: string, given: Partial<VenueOrder> = {}): VenueOrder => ({
  orderId,
  clientOrderId: 'web_1',
  symbol: 'BTC/USDT',
  side: 'sell',
  status: 'open',
  price: '70000',
  quantity: '1',
  filled: '0',
  acceptedAt: START,
  ...given,
});

const run = (given: Partial<NewReconciliation> = {}): NewReconciliation => ({
  venue: 'sim',
  cause: 'janitor',
  startedAt: START,
  endedAt: Date.now(),
  lookedBackMs: 600_000,
  findings: NOTHING_FOUND,
  differences: {},
  snapshot: { balances: { USDT: '10.5' }, cut: { at: START, symbol: 'BTC/USDT', tradeId: '7' } },
  ...given,
});

describe('reconciliations', () => {
  it('are kept with what they found, and listed newest first in pages', async () => {
    await store.saveReconciliation(run());
    await store.saveReconciliation(run({ venue: 'other', snapshot: null, differences: { BTC: '-0.5' } }));
    await store.saveReconciliation(run({ cause: 'start', startedAt: START + 1 }));
    const first = await store.listReconciliations({ limit: 2 });
    expect(first.items).toMatchObject([
      { venue: 'sim', cause: 'start' },
      { venue: 'other', snapshot: null, differences: { BTC: '-0.5' } },
    ]);
    const last = await store.listReconciliations({ limit: 2, cursor: first.next! });
    expect(last).toEqual({ items: [{ ...run(), endedAt: expect.any(Number), id: expect.any(String) }], next: null });
    await expect(store.listReconciliations({ venue: 'other', limit: 9 })).resolves.toMatchObject({
      items: [{ venue: 'other' }],
      next: null,
    });
  });

  it('tell an unexplained difference to whoever listens', async () => {
    await store.saveReconciliation(run());
    await expect(storage.events('sim')).resolves.toEqual([]);
    await store.saveReconciliation(run({ differences: { USDT: '-5' } }));
    await expect(storage.events('sim')).resolves.toEqual(['balance.difference']);
  });

  it('say when the last one was, and the last that looked far back', async () => {
    await expect(store.lastRuns('sim', 3_600_000)).resolves.toEqual({ startedAt: null, farAt: null });
    await store.saveReconciliation(run({ lookedBackMs: 3_600_000 }));
    await store.saveReconciliation(run({ startedAt: START + 5_000 }));
    await store.saveReconciliation(run({ venue: 'other', startedAt: START + 9_000 }));
    await expect(store.lastRuns('sim', 3_600_000)).resolves.toEqual({ startedAt: START + 5_000, farAt: START });
  });

  it('give the balances that were settled last', async () => {
    await expect(store.lastSnapshot('sim')).resolves.toBeNull();
    await store.saveReconciliation(run());
    await store.saveReconciliation(run({ snapshot: null }));
    await expect(store.lastSnapshot('sim')).resolves.toEqual(run().snapshot);
  });

  it('are forgotten after thirty days', async () => {
    await store.saveReconciliation(run({ endedAt: Date.now() - 31 * 86_400_000 }));
    await store.saveReconciliation(run());
    await expect(store.listReconciliations({ limit: 9 })).resolves.toMatchObject({ items: [{}] });
  });
});

describe('trades of the account', () => {
  it('are ours and foreign ones in their order, after a cut, each once', async () => {
    await place(1);
    await end(1, 'filled', [fillOf('9', '0.1', { at: START + 5 }), fillOf('10', '0.15', { at: START + 5 })]);
    await seen(fillOf('8', '1', { at: START + 5, orderId: '90' }), 'web_1');
    await seen(fillOf('1', '1', { at: START + 5, orderId: '90', symbol: 'ETH/USDT' }), 'web_1');
    await seen(fillOf('7', '1', { at: START + 6, orderId: '90' }), 'web_1');
    await seen(fillOf('1', '1', { at: START + 5, orderId: '90' }), 'web_1', 'other');
    const after = async (at: number, symbol: string, tradeId: string) =>
      (await store.tradesAfter('sim', { at, symbol, tradeId })).map((trade) => `${trade.symbol} ${trade.tradeId}`);
    const all = ['BTC/USDT 8', 'BTC/USDT 9', 'BTC/USDT 10', 'ETH/USDT 1', 'BTC/USDT 7'];
    await expect(after(START, '', '')).resolves.toEqual(all);
    await expect(after(START + 5, 'BTC/USDT', '9')).resolves.toEqual(all.slice(2));
    await expect(after(START + 5, 'ETH/USDT', '1')).resolves.toEqual(all.slice(4));
    await expect(after(START + 6, 'BTC/USDT', '7')).resolves.toEqual([]);
    const stored = await store.tradesAfter('sim', { at: START, symbol: '', tradeId: '' });
    expect([...stored].sort(compareTrades)).toEqual(stored);
    expect(stored[1]).toEqual({
      tradeId: '9',
      symbol: 'BTC/USDT',
      side: 'buy',
      price: '60001',
      quantity: '0.1',
      fee: '0.000000000000000001',
      feeAsset: 'BTC',
      at: START + 5,
    });
  });

  it('that are not stored are told from those that are', async () => {
    await place(1);
    await seen(fillOf('1', '0.1'), 'e1-1-1');
    await seen(fillOf('2', '1', { orderId: '90' }), 'web_1');
    const ask = (venue: string, symbol: string, ...names: readonly string[]) =>
      store.unknownTrades(
        venue,
        symbol,
        names.map((name) => ({ tradeId: name.split('/')[0]!, orderId: name.split('/')[1]! })),
      );
    await expect(ask('sim', 'BTC/USDT', '1/77', '2/90', '3/77', '4/90')).resolves.toEqual([
      { tradeId: '3', orderId: '77' },
      { tradeId: '4', orderId: '90' },
    ]);
    // Foreign, but nobody has seen its order: asked about again, until somebody has.
    await expect(seen(fillOf('5', '1', { orderId: '91' }), null)).resolves.toBe('foreign');
    await expect(ask('sim', 'BTC/USDT', '5/91')).resolves.toHaveLength(1);
    await expect(seen(fillOf('5', '1', { orderId: '91' }), 'web_2')).resolves.toBe('known');
    await expect(ask('sim', 'BTC/USDT', '5/91')).resolves.toEqual([]);
    await expect(ask('sim', 'ETH/USDT', '1/77')).resolves.toHaveLength(1);
    await expect(ask('other', 'BTC/USDT', '1/77')).resolves.toHaveLength(1);
    await expect(ask('sim', 'BTC/USDT')).resolves.toEqual([]);
  });

  it('of two orders of the account with each other count for both, ours or not', async () => {
    await place(1);
    await place(2);
    await seen(fillOf('1', '0.1', { orderId: '77' }), 'e1-1-1');
    await expect(seen(fillOf('1', '0.1', { orderId: '78' }), 'e1-2-1')).resolves.toBe('counted');
    await expect(seen(fillOf('1', '0.1', { orderId: '78' }), 'e1-2-1')).resolves.toBe('known');
    // Order 79 is a person's own, which traded with ours.
    await seen(fillOf('2', '0.1', { orderId: '77' }), 'e1-1-1');
    await expect(seen(fillOf('2', '0.1', { orderId: '79', side: 'sell' }), 'web_1')).resolves.toBe('foreign');
    await expect(createOrderLedger(storage.database).position('e1')).resolves.toMatchObject({ filled: '0.3' });
    await expect(store.listForeignTrades({ limit: 9 })).resolves.toMatchObject({
      items: [{ tradeId: '2', orderId: '79' }],
    });
  });

  it('of somebody else are listed, until they turn out to be ours', async () => {
    await place(1);
    await seen(fillOf('1', '0.1'), null);
    await seen(fillOf('2', '1', { orderId: '90', side: 'sell' }), 'web_1');
    await expect(store.listForeignTrades({ limit: 9 })).resolves.toMatchObject({
      items: [
        { venue: 'sim', tradeId: '2', orderId: '90', clientOrderId: 'web_1', side: 'sell', quantity: '1' },
        { tradeId: '1', clientOrderId: null },
      ],
      next: null,
    });
    await end(1, 'filled', [fillOf('1', '0.1')]);
    await expect(store.listForeignTrades({ venue: 'sim', limit: 1 })).resolves.toMatchObject({
      items: [{ tradeId: '2' }],
      next: null,
    });
  });
});

describe('orders', () => {
  it('of ours are known by the number that the venue gave them', async () => {
    await place(1);
    await place(2);
    await end(1, 'filled', [fillOf('1', '0.25')]);
    await expect(store.ownOrderIds('sim', 'BTC/USDT', ['77', '78'])).resolves.toEqual(new Map([['77', 'e1-1-1']]));
    await expect(store.ownOrderIds('sim', 'ETH/USDT', ['77'])).resolves.toEqual(new Map());
  });

  it('closed as never placed are watched for a time; one that shows up is news once', async () => {
    const now = Date.now();
    await place(1, { sentAt: now - 1_000 });
    await place(2, { sentAt: now - 500 });
    await place(3, { sentAt: now - 60_000 });
    await place(4, { sentAt: now });
    for (const child of [1, 2, 3]) await end(child, 'not-placed');
    const watched = await store.notPlacedIntents('sim', 30_000);
    expect(watched.map(({ clientOrderId }) => clientOrderId)).toEqual(['e1-2-1', 'e1-1-1']);
    await expect(store.noteReappeared(watched[0]!, order('99'))).resolves.toBe(true);
    await expect(store.noteReappeared(watched[0]!, order('99'))).resolves.toBe(false);
    // Not one that is under way.
    await expect(store.noteReappeared(keyOf('e1', 4), order('98'))).resolves.toBe(false);
    const events = await storage.events('e1');
    expect(events.filter((kind) => kind === 'order.reappeared')).toHaveLength(1);
  });

  it('that rest after their end for us are told', async () => {
    await place(1);
    await end(1, 'filled', [fillOf('1', '0.25')]);
    const [intent] = [(await createOrderLedger(storage.database).findIntent(keyOf('e1', 1)))!];
    await store.noteOrphan(intent, order('77'));
    await expect(storage.events('e1')).resolves.toContain('order.orphan');
  });

  it('of somebody else are those that were open when we looked last, each told once', async () => {
    await store.saveForeignOrders('sim', [order('1'), order('2', { clientOrderId: null, price: null })]);
    await store.saveForeignOrders('other', [order('1')]);
    await store.saveForeignOrders('sim', [order('2', { clientOrderId: null, price: null, filled: '0.5' })]);
    const { items } = await store.listForeignOrders({ venue: 'sim', limit: 9 });
    expect(items).toMatchObject([
      { orderId: '2', clientOrderId: null, price: null, quantity: '1', filled: '0.5', acceptedAt: START },
    ]);
    await expect(store.listForeignOrders({ limit: 9 })).resolves.toMatchObject({ items: [{ venue: 'other' }, {}] });
    await expect(storage.events('sim')).resolves.toEqual(['order.foreign', 'order.foreign']);
    // One that is open again is the same order.
    await store.saveForeignOrders('sim', [order('1')]);
    await expect(store.listForeignOrders({ venue: 'sim', limit: 9 })).resolves.toMatchObject({
      items: [{ orderId: '1' }],
    });
    await expect(storage.events('sim')).resolves.toHaveLength(2);
  });
});

describe('executions under way', () => {
  it('are those that are running or paused, whose workflow has started, and that are not brand new', async () => {
    const executions = createExecutionStore(storage.database);
    const open = createOpenExecutions(storage.database);
    for (const id of ['e2', 'e3', 'e4']) await executions.accept(executionOf(id), null);
    for (const id of ['e1', 'e2', 'e3']) await executions.markStarted(id);
    await executions.recordStatus('e2', 'paused');
    await executions.withdrawChild('e2', 1);
    await executions.recordEnd({ executionId: 'e3', status: 'failed', problem: null }, START);
    await expect(open.listOpen(0)).resolves.toEqual([
      { id: 'e1', workflowId: 'execution/e1', endAt: START + 300_000, withdrawnChild: 0 },
      { id: 'e2', workflowId: 'execution/e2', endAt: START + 300_000, withdrawnChild: 1 },
    ]);
    await expect(open.listOpen(60_000)).resolves.toEqual([]);
  });
});

describe('limits of an account', () => {
  it('are those that its owner has published, with what is used of them', async () => {
    const board = createVenueLimitsBoard(storage.database);
    await createVenueDirectory(storage.database).saveVenue(
      { id: 'sim', exchange: 'x', label: 'paper', assumptions: null },
      [],
    );
    await expect(board.listLimits(START)).resolves.toMatchObject([{ venue: 'sim', limits: null, openNotional: {} }]);
    const limits = {
      quoteRates: { USDT: '1' },
      maxOrderNotional: '1',
      maxOpenNotional: null,
      allowedSymbols: ['BTC/USDT'],
      maxOrdersPer10s: 1,
      maxOrdersPerMinute: 2,
      collarBps: '3',
      maxQuoteAgeMs: 4,
      feeRate: '0.001',
    };
    await board.publishLimits('sim', limits);
    await place(1, { sentAt: START - 30_000 });
    await expect(board.listLimits(START)).resolves.toEqual([
      // 0.25 * 60061
      { venue: 'sim', limits, openNotional: { USDT: '15015.25' }, ordersLast10s: 0, ordersLastMinute: 1, at: START },
    ]);
  });
});

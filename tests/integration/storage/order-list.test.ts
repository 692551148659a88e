import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { createOrderList } from '../../../adapters/storage/order-list.ts';
import { createOrderSettlement } from '../../../adapters/storage/order-settlement.ts';
import { createReconciliationStore } from '../../../adapters/storage/reconciliation-store.ts';
import { foldFigures } from '../../../adapters/storage/figure-totals.ts';
import { createFiguresReader } from '../../../adapters/storage/platform-figures.ts';
import { createVenueDirectory } from '../../../adapters/storage/venue-directory.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

/** Orders of two executions; the first of them has filled in two parts. */
async function trade(): Promise<void> {
  const executions = createExecutionStore(storage.database);
  for (const id of ['ex-1', 'ex-2']) await executions.accept(executionOf(id), null);
  const ledger = createOrderLedger(storage.database);
  const send = (execution: string, child: number, lateMs: number) =>
    ledger.orderTransaction('sim', async (transaction) => {
      const key = keyOf(execution, child);
      await transaction.recordDecision(decisionOf(key));
      await transaction.insertIntent(intentOf(key, { sentAt: START + lateMs }));
    });
  await send('ex-1', 1, 80);
  await send('ex-1', 2, 700);
  await send('ex-2', 1, 20_000);
  await ledger.orderTransaction('sim', (transaction) =>
    transaction.recordDecision(decisionOf(keyOf('ex-2', 2), { action: 'deny', reason: 'HALTED' })),
  );
  await ledger.endIntent(keyOf('ex-1', 1), {
    state: 'filled',
    venueOrderId: '77',
    fills: [fillOf('1', '0.1', { price: '60000' }), fillOf('2', '0.15', { price: '60010' })],
    problem: null,
  });
}

describe('orders', () => {
  const list = () => createOrderList(storage.database);
  const idsOf = async (query: object) =>
    (await list().listOrders({ limit: 10, ...query })).items.map(({ clientOrderId }) => clientOrderId);

  it('are listed newest first, in pages and by what is asked', async () => {
    await trade();
    expect(await idsOf({})).toEqual(['ex-2-1-1', 'ex-1-2-1', 'ex-1-1-1']);
    const first = await list().listOrders({ limit: 2 });
    expect(await idsOf({ cursor: first.next! })).toEqual(['ex-1-1-1']);
    expect(await idsOf({ execution: 'ex-1' })).toEqual(['ex-1-2-1', 'ex-1-1-1']);
    expect(await idsOf({ state: 'filled' })).toEqual(['ex-1-1-1']);
    expect(await idsOf({ state: 'sending', execution: 'ex-2' })).toEqual(['ex-2-1-1']);
    expect(await idsOf({ venue: 'other' })).toEqual([]);
    expect(await idsOf({ symbol: 'BTC/USDT' })).toHaveLength(3);
  });

  it('have their fills, slice and notional', async () => {
    await trade();
    const found = await list().findOrder('ex-1-1-1');
    // 0.1 * 60000 + 0.15 * 60010 = 6000 + 9001.5
    expect(found?.order).toMatchObject({ filled: '0.25', notional: '15001.5', slice: 1, state: 'filled' });
    expect(found?.fills).toEqual([fillOf('1', '0.1', { price: '60000' }), fillOf('2', '0.15', { price: '60010' })]);
    await expect(list().findOrder('none')).resolves.toBeNull();
  });
});

describe('figures', () => {
  it('count executions, orders, denials and how late slices were sent', async () => {
    await createVenueDirectory(storage.database).saveVenue(
      { id: 'sim', exchange: 'binance', label: 'paper', assumptions: null },
      [],
    );
    await trade();
    const figures = await createFiguresReader(storage.database).readFigures();
    expect(figures.executions).toEqual([{ status: 'running', count: 2 }]);
    expect(figures.orders).toEqual([
      { venue: 'sim', outcome: 'filled', count: 1 },
      { venue: 'sim', outcome: 'sending', count: 2 },
    ]);
    expect(figures.denials).toEqual([{ code: 'HALTED', count: 1 }]);
    expect(figures.venues).toMatchObject([{ id: 'sim', up: false, ownerEpoch: null, owned: false }]);
    // All were due at START: 0.08 s, 0.7 s and 20 s late.
    const { bounds, counts, count, sum } = figures.lateness;
    expect(count).toBe(3);
    expect(sum).toBeCloseTo(20.78, 9);
    const upTo = (bound: number) => counts[bounds.indexOf(bound)];
    expect([upTo(0.05), upTo(0.1), upTo(0.5), upTo(1), upTo(10), upTo(30)]).toEqual([0, 1, 1, 2, 2, 3]);
    expect(figures.lastEventId).toBeGreaterThan(0);
  });

  it('are the same when they are added up, whoever adds them up at the same time, and go on from there', async () => {
    await trade();
    const read = () => createFiguresReader(storage.database).readFigures();
    const before = await read();
    await Promise.all([foldFigures(storage.database), foldFigures(storage.database), foldFigures(storage.database)]);
    const { rows } = await storage.database.query('select * from figure_steps');
    expect(rows).toEqual([]);
    expect({ ...(await read()), lateness: null }).toEqual({ ...before, lateness: null });
    expect((await read()).lateness).toMatchObject({ counts: before.lateness.counts, count: before.lateness.count });
    const ledger = createOrderLedger(storage.database);
    await ledger.endIntent(keyOf('ex-2', 1), { state: 'expired', venueOrderId: '78', fills: [], problem: null });
    // A further order of a slice is no further slice.
    await ledger.orderTransaction('sim', async (transaction) => {
      await transaction.recordDecision(decisionOf(keyOf('ex-2', 3), { slice: 1 }));
      await transaction.insertIntent(intentOf(keyOf('ex-2', 3), { sentAt: START + 400_000 }));
      await transaction.recordDecision(decisionOf(keyOf('ex-2', 4), { slice: 2 }));
      await transaction.insertIntent(intentOf(keyOf('ex-2', 4), { sentAt: START + 400_000 }));
    });
    await storage.database.query("update executions set status = 'paused' where id = 'ex-2'");
    const after = await read();
    expect(after.executions).toEqual([
      { status: 'paused', count: 1 },
      { status: 'running', count: 1 },
    ]);
    expect(after.orders).toEqual([
      { venue: 'sim', outcome: 'expired', count: 1 },
      { venue: 'sim', outcome: 'filled', count: 1 },
      { venue: 'sim', outcome: 'sending', count: 3 },
    ]);
    // 400 s is beyond the last bound: it is in the count alone.
    expect([after.lateness.count, after.lateness.counts.at(-1)]).toEqual([4, 3]);
    expect(after.lateness.sum).toBeCloseTo(420.78, 9);
  });

  it('come from few rows, however many orders there are', async () => {
    await trade();
    await foldFigures(storage.database);
    const { rows } = await storage.database.query<{ totals: number }>('select count(*) as totals from figure_totals');
    // One status, one outcome, one denial, and a lateness for each of three bounds.
    expect(rows).toEqual([{ totals: 6 }]);
  });

  it('have all that happened before they were counted in steps', async () => {
    await trade();
    const read = () => createFiguresReader(storage.database).readFigures();
    const before = await read();
    await storage.database.query(
      `drop function step_execution, step_denial, step_outcome, step_lateness cascade;
       drop table figure_steps, figure_totals`,
    );
    await storage.database.query(
      await readFile(new URL('../../../db/migrations/0016_figures.sql', import.meta.url), 'utf8'),
    );
    const after = await read();
    expect({ ...after, lateness: null }).toEqual({ ...before, lateness: null });
    expect(after.lateness).toMatchObject({ counts: before.lateness.counts, count: before.lateness.count });
    expect(after.lateness.sum).toBeCloseTo(before.lateness.sum, 9);
  });

  it('of an empty database are zeros and empty lists', async () => {
    const figures = await createFiguresReader(storage.database).readFigures();
    expect(figures).toMatchObject({ executions: [], orders: [], haltsInForce: 0, streams: [] });
    expect(figures.lateness).toMatchObject({ count: 0, sum: 0 });
    expect(new Set(figures.lateness.counts)).toEqual(new Set([0]));
  });
});

describe('an order whose outcome nobody can look up', () => {
  const word = { by: 'ann', reason: "not in the venue's own list" };
  const settle = (id: string) => createOrderSettlement(storage.database).settleNotPlaced(id, word);
  const old = () => storage.database.query("update intents set sent_at = now() - interval '2 minutes 1 second'");

  it('is closed by hand, once, with who said so and why, and holds nothing back any more', async () => {
    await trade();
    await old();
    await expect(settle('ex-2-1-1')).resolves.toMatchObject({
      kind: 'settled',
      order: {
        state: 'not-placed',
        venueOrderId: null,
        problem: { code: 'SETTLED_BY_HAND', detail: "ann says that it was not placed: not in the venue's own list" },
      },
    });
    await expect(settle('ex-2-1-1')).resolves.toEqual({ kind: 'not-open', state: 'not-placed' });
    await expect(storage.events('ex-2')).resolves.toEqual([
      'execution.accepted',
      'order.intent',
      'decision.deny',
      'order.ended',
    ]);
    await expect(createOrderLedger(storage.database).position('ex-2')).resolves.toEqual({ filled: '0', open: '0' });
    // The janitor goes on asking about it.
    const watched = await createReconciliationStore(storage.database).notPlacedIntents('sim', 86_400_000);
    expect(watched.map(({ clientOrderId }) => clientOrderId)).toEqual(['ex-2-1-1']);
  });

  it('is not settled as long as the platform may find out by itself', async () => {
    await trade();
    await storage.database.query("update intents set sent_at = now() - interval '1 minute 50 seconds'");
    await expect(settle('ex-2-1-1')).resolves.toMatchObject({ kind: 'too-soon' });
  });

  it('is not settled when the venue knows it, or when it has traded', async () => {
    await trade();
    await old();
    await createOrderLedger(storage.database).markWorking(keyOf('ex-2'), '79');
    await expect(settle('ex-2-1-1')).resolves.toEqual({ kind: 'not-open', state: 'working' });
    await expect(settle('ex-1-1-1')).resolves.toEqual({ kind: 'not-open', state: 'filled' });
    await expect(settle('none')).resolves.toEqual({ kind: 'unknown' });
  });
});

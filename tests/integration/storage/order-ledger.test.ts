import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import type { IntentEnd, OrderLedger } from '../../../adapters/ports/order-ledger.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createHaltStore } from '../../../adapters/storage/halt-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import type { IntentState } from '../../../domain/orders/lifecycle.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

let storage: Storage;
let ledger: OrderLedger;
beforeAll(async () => {
  storage = await openStorage();
  ledger = createOrderLedger(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  const store = createExecutionStore(storage.database);
  for (const id of ['e1', 'e2']) await store.accept(executionOf(id), null);
});

const place = (executionId: string, child: number, given: Parameters<typeof intentOf>[1] = {}) =>
  ledger.orderTransaction(given.venue ?? 'sim', async (transaction) => {
    const key = keyOf(executionId, child);
    await transaction.recordDecision(decisionOf(key));
    await transaction.insertIntent(intentOf(key, given));
  });
const end = (state: IntentState, given: Partial<IntentEnd> = {}): IntentEnd => ({
  state,
  venueOrderId: '77',
  fills: [],
  problem: null,
  ...given,
});
const reservedOf = (venue: string) =>
  ledger.orderTransaction(venue, async (transaction) => (await transaction.gateFacts(START, 0)).reserved);

describe('the order transaction', () => {
  it('writes decision, intent and event together', async () => {
    await place('e1', 1);
    const { reserve: _reserve, ...written } = intentOf(keyOf('e1', 1));
    await expect(ledger.findIntent(keyOf('e1', 1))).resolves.toEqual({
      ...written,
      state: 'sending',
      filled: '0',
      venueOrderId: null,
      problem: null,
      retryable: true,
    });
    await expect(ledger.findIntentByClientOrderId('e1-1-1')).resolves.toMatchObject({ child: 1 });
    await expect(storage.events('e1')).resolves.toEqual(['execution.accepted', 'order.intent']);
  });

  it('writes nothing at all when it fails', async () => {
    const failing = ledger.orderTransaction('sim', async (transaction) => {
      await transaction.recordDecision(decisionOf(keyOf('e1')));
      await transaction.insertIntent(intentOf(keyOf('e1')));
      throw new Error('killed before the commit');
    });
    await expect(failing).rejects.toThrow('killed before the commit');
    await expect(ledger.findIntent(keyOf('e1'))).resolves.toBeNull();
    await expect(createExecutionStore(storage.database).decisionsOf('e1')).resolves.toEqual([]);
    await expect(storage.events('e1')).resolves.toEqual(['execution.accepted']);
  });

  it('writes one intent for one child and attempt only', async () => {
    await place('e1', 1);
    await expect(place('e1', 1, { clientOrderId: 'another' })).rejects.toThrow('duplicate key');
    await expect(place('e2', 1, { clientOrderId: 'e1-1-1' })).rejects.toThrow('duplicate key');
  });

  it('keeps one decision on a child, shows it to whoever comes later, and takes the first mid as the arrival', async () => {
    const decide = (child: number, mid: string, decidedAt: number) =>
      ledger.orderTransaction('sim', (transaction) =>
        transaction.recordDecision(
          decisionOf(keyOf('e1', child), { mid, decidedAt, action: 'carry', reason: 'BEYOND_LIMIT' }),
        ),
      );
    await decide(1, '60000.5', START + 10);
    await expect(decide(1, '60002', START + 900)).rejects.toThrow('duplicate key');
    await decide(2, '60003', START + 1_000);
    await expect(
      ledger.orderTransaction('sim', (transaction) => transaction.findDecision(keyOf('e1', 1))),
    ).resolves.toEqual({ action: 'carry', reason: 'BEYOND_LIMIT' });
    await expect(
      ledger.orderTransaction('sim', (transaction) => transaction.findDecision(keyOf('e1', 3))),
    ).resolves.toBeNull();
    const store = createExecutionStore(storage.database);
    await expect(store.decisionsOf('e1')).resolves.toMatchObject([
      { mid: '60000.5', decidedAt: START + 10 },
      { mid: '60003', decidedAt: START + 1_000 },
    ]);
    await expect(store.findExecution('e1')).resolves.toMatchObject({ arrival: { price: '60000.5', at: START + 10 } });
  });

  it('sums what the open orders of the account have reserved, by asset', async () => {
    await place('e1', 1);
    await place('e2', 1, { reserve: { asset: 'USDT', amount: '0.000000000000000001' } });
    await place('e2', 2, { reserve: { asset: 'BTC', amount: '0.25' } });
    await place('e2', 3, { venue: 'other' });
    // 15030.26525 + 1e-18
    await expect(reservedOf('sim')).resolves.toEqual({ USDT: '15030.265250000000000001', BTC: '0.25' });
    await ledger.endIntent(keyOf('e1', 1), end('expired'));
    await expect(reservedOf('sim')).resolves.toEqual({ USDT: '0.000000000000000001', BTC: '0.25' });
  });

  it('tells apart what rests at the venue since before the balances were asked for, as far as it may still trade', async () => {
    const facts = (balancesAgeMs: number) =>
      ledger.orderTransaction('sim', async (transaction) => {
        const { reserved, resting } = await transaction.gateFacts(START, balancesAgeMs);
        return [Number(reserved['USDT']), Number(resting['USDT'])];
      });
    // Each of 0.25 BTC.
    await place('e1', 1, { reserve: { asset: 'USDT', amount: '100' } });
    await place('e1', 2, { reserve: { asset: 'USDT', amount: '20' } });
    await expect(facts(0)).resolves.toEqual([120, 0]);
    await ledger.markWorking(keyOf('e1', 1), '77');
    await storage.database.query("update intents set acknowledged_at = now() - interval '5 seconds' where child = 1");
    await expect(facts(4_000)).resolves.toEqual([20, 100]);
    // The balances are older than its acknowledgement: they may show nothing of it.
    await expect(facts(6_000)).resolves.toEqual([120, 0]);
    const intent = (await ledger.findIntent(keyOf('e1', 1)))!;
    await ledger.addLateFills(intent, [fillOf('501', '0.1', { orderId: '77' })]);
    await expect(facts(4_000)).resolves.toEqual([20, 60]);
    // Written down before acknowledgements were: held back whole.
    await storage.database.query('update intents set acknowledged_at = null where child = 1');
    await expect(facts(4_000)).resolves.toEqual([120, 0]);
  });

  it('holds back what an order reserved that has ended since the balances were asked for', async () => {
    await place('e1', 1, { reserve: { asset: 'USDT', amount: '100' } });
    await place('e1', 2, { reserve: { asset: 'USDT', amount: '20' } });
    await place('e1', 3, { reserve: { asset: 'USDT', amount: '3' } });
    await ledger.endIntent(keyOf('e1', 1), end('filled'));
    await ledger.endIntent(keyOf('e1', 2), end('refused', { venueOrderId: null }));
    await storage.database.query("update intents set ended_at = now() - interval '5 seconds' where child = 1");
    const reserved = (balancesAgeMs: number) =>
      ledger.orderTransaction('sim', async (transaction) => {
        return (await transaction.gateFacts(START, balancesAgeMs)).reserved['USDT'];
      });
    // The third is still out; the second ended a moment ago and the first five seconds ago.
    expect(await reserved(0)).toBe('3');
    expect(await reserved(4_000)).toBe('23');
    expect(await reserved(60_000)).toBe('123');
  });

  it('lets the orders of one account pass one after another, each seeing what those before reserved', async () => {
    const log: string[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const ordered = (id: string, wait: Promise<void> | null) =>
      ledger.orderTransaction('sim', async (transaction) => {
        const { reserved } = await transaction.gateFacts(START, 0);
        log.push(`${id} sees ${reserved['USDT'] ?? 0}`);
        await wait;
        await transaction.recordDecision(decisionOf(keyOf(id)));
        await transaction.insertIntent(intentOf(keyOf(id), { reserve: { asset: 'USDT', amount: '100' } }));
      });
    const first = ordered('e1', gate);
    await until(() => log.length === 1);
    const second = ordered('e2', null);
    await until(async () => (await waitingForLocks()) === 1);
    // Another account need not wait.
    await expect(reservedOf('other')).resolves.toEqual({});
    expect(log).toEqual(['e1 sees 0']);
    open();
    await Promise.all([first, second]);
    expect(log).toEqual(['e1 sees 0', 'e2 sees 100']);
  });

  it('reads the halts in force', async () => {
    const halts = createHaltStore(storage.database);
    const set = await halts.setHalt({ scope: 'venue', target: 'sim', reason: 'drill', by: 'admin' });
    const facts = () => ledger.orderTransaction('sim', (transaction) => transaction.gateFacts(START, 0));
    await expect(facts()).resolves.toMatchObject({
      halts: [{ id: set.id, scope: 'venue', target: 'sim', reason: 'drill', setAt: set.setAt }],
    });
    await halts.liftHalt(set.id, 'admin', 'over');
    await expect(facts()).resolves.toMatchObject({ halts: [] });
  });
});

describe('what the gate reads of the account', () => {
  const facts = (now: number) => ledger.orderTransaction('sim', (transaction) => transaction.gateFacts(now, 0));

  it('is worth what unsettled orders may still trade, by quote currency', async () => {
    await place('e1', 1);
    await place('e1', 2);
    await place('e1', 3);
    await place('e2', 1, { venue: 'other' });
    await ledger.endIntent(keyOf('e1', 1), end('expired'));
    await ledger.markWorking(keyOf('e1', 2), '78');
    await ledger.addLateFills((await ledger.findIntent(keyOf('e1', 2)))!, [fillOf('2', '0.05')]);
    // (0.25 - 0.05) * 60061 of the second and 0.25 * 60061 of the third
    await expect(facts(START)).resolves.toMatchObject({ openNotional: { USDT: '27027.45' } });
  });

  it('counts the orders of the last 10 s and of the last minute, whatever became of them', async () => {
    await place('e1', 1, { sentAt: START - 60_000 });
    await place('e1', 2, { sentAt: START - 59_999 });
    await place('e1', 3, { sentAt: START - 10_000 });
    await place('e1', 4, { sentAt: START - 9_999 });
    // Of an owner whose clock was ahead.
    await place('e1', 5, { sentAt: START + 500 });
    await place('e2', 1, { sentAt: START, venue: 'other' });
    await ledger.endIntent(keyOf('e1', 4), end('not-placed'));
    await expect(facts(START)).resolves.toMatchObject({ recentOrders: { last10s: 2, lastMinute: 4 } });
  });

  it('tells why nothing is sent', async () => {
    await ledger.orderTransaction('sim', (transaction) =>
      transaction.recordDecision(decisionOf(keyOf('e1'), { action: 'carry', reason: 'BEYOND_LIMIT' })),
    );
    await ledger.orderTransaction('sim', (transaction) =>
      transaction.recordDecision(decisionOf(keyOf('e1', 2), { action: 'deny', reason: 'HALTED' })),
    );
    await expect(storage.events('e1')).resolves.toEqual(['execution.accepted', 'decision.carry', 'decision.deny']);
  });
});

describe('the end of an intent', () => {
  it('stores state, fills and event together', async () => {
    await place('e1', 1);
    await ledger.markWorking(keyOf('e1'), '77');
    await ledger.endIntent(keyOf('e1'), end('partially-filled', { fills: [fillOf('1', '0.1'), fillOf('2', '0.05')] }));
    await expect(ledger.findIntent(keyOf('e1'))).resolves.toMatchObject({
      state: 'partially-filled',
      filled: '0.15',
      venueOrderId: '77',
    });
    await expect(storage.events('e1')).resolves.toEqual([
      'execution.accepted',
      'order.intent',
      'order.working',
      'order.fill',
      'order.fill',
      'order.ended',
    ]);
  });

  it('changes nothing when it comes again', async () => {
    await place('e1', 1);
    const filled = end('filled', { fills: [fillOf('1', '0.25')] });
    await ledger.endIntent(keyOf('e1'), filled);
    await ledger.endIntent(keyOf('e1'), filled);
    await Promise.all([ledger.endIntent(keyOf('e1'), filled), ledger.endIntent(keyOf('e1'), filled)]);
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0.25', open: '0' });
    await expect(storage.events('e1')).resolves.toEqual([
      'execution.accepted',
      'order.intent',
      'order.fill',
      'order.ended',
    ]);
  });

  it.each<[IntentState, IntentState]>([
    ['not-placed', 'filled'],
    ['not-placed', 'sending'],
    ['filled', 'not-placed'],
    ['refused', 'working'],
  ])('of one that is %s cannot become %s', async (from, to) => {
    await place('e1', 1);
    await ledger.endIntent(keyOf('e1'), end(from));
    await expect(ledger.endIntent(keyOf('e1'), end(to))).rejects.toThrow(`is ${from} and cannot become ${to}`);
    await expect(ledger.findIntent(keyOf('e1'))).resolves.toMatchObject({ state: from });
  });

  it.each<IntentState>(['not-placed', 'refused'])('of one that the venue has shown cannot be %s', async (state) => {
    await place('e1', 1);
    await ledger.markWorking(keyOf('e1'), '77');
    await expect(ledger.endIntent(keyOf('e1'), end(state))).rejects.toThrow(`is working and cannot become ${state}`);
  });

  it('that another attempt has told otherwise takes its trades as late ones: none is dropped', async () => {
    await place('e1', 1);
    await ledger.endIntent(keyOf('e1'), end('expired'));
    await ledger.endIntent(keyOf('e1'), end('partially-filled', { fills: [fillOf('1', '0.1')] }));
    await expect(ledger.findIntent(keyOf('e1'))).resolves.toMatchObject({ state: 'expired', filled: '0.1' });
    await expect(storage.events('e1')).resolves.toContain('fill.late');
  });

  it('is not undone by a late word that the order works', async () => {
    await place('e1', 1);
    await ledger.endIntent(keyOf('e1'), end('filled', { fills: [fillOf('1', '0.25')] }));
    await ledger.markWorking(keyOf('e1'), '78');
    await expect(ledger.findIntent(keyOf('e1'))).resolves.toMatchObject({ state: 'filled', venueOrderId: '77' });
  });

  it('stores nothing when one of its fills cannot be stored', async () => {
    await place('e1', 1);
    const broken = end('filled', { fills: [fillOf('1', '0.25'), fillOf('2', '0')] });
    await expect(ledger.endIntent(keyOf('e1'), broken)).rejects.toThrow('violates check constraint');
    await expect(ledger.findIntent(keyOf('e1'))).resolves.toMatchObject({ state: 'sending', filled: '0' });
    await expect(storage.events('e1')).resolves.toEqual(['execution.accepted', 'order.intent']);
  });

  it('of no intent is an error', async () => {
    await expect(ledger.endIntent(keyOf('e1', 9), end('filled'))).rejects.toThrow('there is no order intent e1|9|1');
  });
});

describe('fills', () => {
  it('are unique by venue, symbol and trade id', async () => {
    await place('e1', 1);
    await place('e1', 2, { symbol: 'ETH/USDT' });
    await place('e1', 3, { venue: 'other' });
    await place('e1', 4);
    const one = end('partially-filled', { fills: [fillOf('1', '0.1')] });
    await ledger.endIntent(keyOf('e1', 1), one);
    await ledger.endIntent(keyOf('e1', 2), { ...one, fills: [fillOf('1', '0.1', { symbol: 'ETH/USDT' })] });
    await ledger.endIntent(keyOf('e1', 3), one);
    // The trade is already the first child's.
    await ledger.endIntent(keyOf('e1', 4), one);
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0.3', open: '0' });
  });

  it('that come late are stored once and told one by one', async () => {
    await place('e1', 1);
    await ledger.endIntent(keyOf('e1'), end('partially-filled', { fills: [fillOf('1', '0.1')] }));
    const intent = (await ledger.findIntent(keyOf('e1')))!;
    const late = [fillOf('1', '0.1'), fillOf('2', '0.02'), fillOf('3', '0.03')];
    await expect(ledger.addLateFills(intent, late)).resolves.toBe(2);
    await expect(ledger.addLateFills(intent, late)).resolves.toBe(0);
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0.15', open: '0' });
    await expect(storage.events('e1')).resolves.toEqual([
      'execution.accepted',
      'order.intent',
      'order.fill',
      'order.ended',
      'order.fill',
      'order.fill',
      'fill.late',
      'fill.late',
    ]);
  });
});

describe('where an execution stands', () => {
  it('counts what is filled and what may still trade, and no other execution', async () => {
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0', open: '0' });
    await place('e1', 1);
    await place('e1', 2);
    await place('e1', 3);
    await place('e2', 1);
    await ledger.endIntent(keyOf('e1', 1), end('partially-filled', { fills: [fillOf('1', '0.1')] }));
    await ledger.markWorking(keyOf('e1', 2), '78');
    // A fill that reconciliation stored while the order still works: 0.25 - 0.05 are open, and 0.25 of the third.
    await ledger.addLateFills((await ledger.findIntent(keyOf('e1', 2)))!, [fillOf('2', '0.05')]);
    await expect(ledger.position('e1')).resolves.toEqual({ filled: '0.15', open: '0.45' });
  });

  it('knows the unsettled intents of an account in the order they were sent', async () => {
    await place('e1', 1, { sentAt: START + 300 });
    await place('e2', 1, { sentAt: START + 100 });
    await place('e1', 2, { sentAt: START + 200 });
    await place('e1', 3, { venue: 'other' });
    await ledger.markWorking(keyOf('e1', 1), '77');
    await ledger.endIntent(keyOf('e1', 2), end('filled'));
    const unsettled = await ledger.unsettledIntents('sim');
    expect(unsettled.map(({ clientOrderId }) => clientOrderId)).toEqual(['e2-1-1', 'e1-1-1']);
  });

  it('knows the symbols that had an order lately', async () => {
    const now = Date.now();
    await place('e1', 1, { sentAt: now - 1_000 });
    await place('e1', 2, { sentAt: now - 500 });
    await place('e1', 3, { sentAt: now - 60_000, symbol: 'ETH/USDT' });
    await place('e1', 4, { sentAt: now, symbol: 'LTC/USDT', venue: 'other' });
    await expect(ledger.recentSymbols('sim', 30_000)).resolves.toEqual(['BTC/USDT']);
    const both = await ledger.recentSymbols('sim', 120_000);
    expect([...both].sort()).toEqual(['BTC/USDT', 'ETH/USDT']);
  });
});

async function waitingForLocks(): Promise<number> {
  const { rows } = await storage.database.query<{ waiting: number }>(
    "select count(*)::int as waiting from pg_locks where locktype = 'advisory' and not granted",
  );
  return rows[0]!.waiting;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(5);
}

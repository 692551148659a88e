import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionStore } from '../../../adapters/ports/execution-store.ts';
import type { OrderLedger } from '../../../adapters/ports/order-ledger.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createHaltStore } from '../../../adapters/storage/halt-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import type { Amendment } from '../../../domain/execution/amendment.ts';
import { decisionOf, executionOf, fillOf, intentOf, keyOf, openStorage, START, type Storage } from './storage.ts';

jest.setTimeout(60_000);

let storage: Storage;
let store: ExecutionStore;
let ledger: OrderLedger;
beforeAll(async () => {
  storage = await openStorage();
  store = createExecutionStore(storage.database);
  ledger = createOrderLedger(storage.database);
}, 120_000);
afterAll(() => storage.close());
beforeEach(async () => {
  await storage.clear();
  await store.accept(executionOf('e1'), null);
});

const amendment = (given: Partial<Amendment> = {}): Amendment => ({
  number: 1,
  at: START + 20_000,
  quantity: '6.000000000000000001',
  endAt: START + 400_000,
  limit: '61000.01',
  course: { number: 1, behind: 2, from: '0.5', startAt: START + 30_000, params: { slices: 24, style: 'taker' } },
  ...given,
});

/** The order of a child, sent and, where `filled` is given, ended with that much. */
async function order(child: number, given: Parameters<typeof intentOf>[1] = {}, filled?: string): Promise<void> {
  const key = keyOf('e1', child);
  await ledger.orderTransaction('sim', async (transaction) => {
    await transaction.recordDecision(decisionOf(key, { slice: Math.ceil(child / 2) }));
    await transaction.insertIntent(intentOf(key, given));
  });
  if (filled === undefined) return;
  const fills = [fillOf(`t${child}`, filled, { at: START + child * 1_000 })];
  await ledger.endIntent(key, { state: 'partially-filled', venueOrderId: String(child), fills, problem: null });
}

describe('an amendment', () => {
  it('is stored to the last digit, in its order, with an event; the plan stays what was asked for', async () => {
    const second = amendment({ number: 2, limit: null });
    await expect(store.recordAmendment('e1', amendment())).resolves.toEqual({ accepted: true });
    await expect(store.recordAmendment('e1', second)).resolves.toEqual({ accepted: true });
    await expect(store.findExecution('e1')).resolves.toMatchObject({
      plan: { quantity: '5', limit: null },
      amendments: [amendment(), second],
    });
    await expect(storage.events('e1')).resolves.toEqual([
      'execution.accepted',
      'execution.amended',
      'execution.amended',
    ]);
  });

  it('that is stored again changes nothing: an activity may run twice', async () => {
    await store.recordAmendment('e1', amendment());
    await expect(store.recordAmendment('e1', amendment())).resolves.toEqual({ accepted: true });
    await expect(store.findExecution('e1')).resolves.toMatchObject({ amendments: [amendment()] });
    await expect(storage.events('e1')).resolves.toEqual(['execution.accepted', 'execution.amended']);
  });

  it('of a number that another one has is refused: after a reset of its workflow two plans would be worked', async () => {
    await store.recordAmendment('e1', amendment());
    const second = amendment({ number: 2, limit: null });
    await store.recordAmendment('e1', second);
    for (const other of [{ quantity: '7' }, { endAt: START + 400_001 }, { limit: null }, { at: START + 1 }])
      await expect(store.recordAmendment('e1', amendment(other))).resolves.toMatchObject({
        accepted: false,
        reason: expect.stringContaining('amendment 1 of the execution is on record with other values'),
      });
    await expect(store.recordAmendment('e1', amendment())).resolves.toEqual({ accepted: true });
    await expect(store.findExecution('e1')).resolves.toMatchObject({ amendments: [amendment(), second] });
  });

  it('is refused below what has filled and may still fill, to the last digit', async () => {
    await order(1, {}, '0.1');
    await order(2, { quantity: '0.25' });
    const refused = await store.recordAmendment('e1', amendment({ quantity: '0.349999999999999999' }));
    expect(refused).toEqual({
      accepted: false,
      reason:
        'quantity 0.349999999999999999 is below the 0.1 that has filled and the 0.25 that may still fill: give at least 0.35, or cancel',
    });
    await expect(store.findExecution('e1')).resolves.toMatchObject({ amendments: [] });
    await expect(store.recordAmendment('e1', amendment({ quantity: '0.35' }))).resolves.toEqual({ accepted: true });
  });

  it('is refused once the execution has ended', async () => {
    await store.recordEnd({ executionId: 'e1', status: 'cancelled', problem: null }, START);
    await expect(store.recordAmendment('e1', amendment())).resolves.toEqual({
      accepted: false,
      reason: 'the execution is cancelled',
    });
  });

  it('waits for an order that is being written down, and counts it', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let reached: () => void = () => undefined;
    const inside = new Promise<void>((resolve) => (reached = resolve));
    const placing = ledger.orderTransaction('sim', async (transaction) => {
      reached();
      await released;
      await transaction.recordDecision(decisionOf(keyOf('e1')));
      await transaction.insertIntent(intentOf(keyOf('e1'), { quantity: '0.25' }));
    });
    await inside;
    const amending = store.recordAmendment('e1', amendment({ quantity: '0.2' }));
    release();
    await placing;
    await expect(amending).resolves.toMatchObject({ accepted: false });
  });

  it('is seen by every order that is decided after it', async () => {
    const numberOf = () => ledger.orderTransaction('sim', (transaction) => transaction.amendmentNumber('e1'));
    await expect(numberOf()).resolves.toBe(0);
    await store.recordAmendment('e1', amendment());
    await expect(numberOf()).resolves.toBe(1);
  });

  it('decides what is left at the end', async () => {
    await order(1, {}, '0.1');
    await store.recordAmendment('e1', amendment({ quantity: '4' }));
    const end = { executionId: 'e1', status: 'expired', problem: null } as const;
    await expect(store.recordEnd(end, START)).resolves.toEqual({ filled: '0.1', residual: '3.9' });
    // And again, when the answer was lost.
    await expect(store.recordEnd(end, START)).resolves.toEqual({ filled: '0.1', residual: '3.9' });
  });
});

describe('a child that waits at the touch', () => {
  const isWantedBack = async (child: number) => {
    const order = { clientOrderId: `c${child}`, executionId: 'e1', child, venue: 'sim', symbol: 'BTC/USDT' };
    const other = { ...order, clientOrderId: 'other', executionId: 'e0', venue: 'elsewhere', symbol: 'ETH/EUR' };
    const wanted = await store.wantedBack([order, other]);
    return wanted.has(order.clientOrderId);
  };

  it('is withdrawn with all before it, and none after it', async () => {
    await expect(isWantedBack(1)).resolves.toBe(false);
    await store.withdrawChild('e1', 3);
    await store.withdrawChild('e1', 2);
    await expect(Promise.all([1, 3, 4].map((child) => isWantedBack(child)))).resolves.toEqual([true, true, false]);
  });

  it('is wanted back with all others once its execution has ended', async () => {
    await store.recordEnd({ executionId: 'e1', status: 'failed', problem: null }, START);
    await expect(isWantedBack(9)).resolves.toBe(true);
  });

  it.each([
    ['all', null, true],
    ['venue', 'sim', true],
    ['venue', 'BTC/USDT', false],
    ['venue', 'other', false],
    ['symbol', 'BTC/USDT', true],
    ['symbol', 'ETH/USDT', false],
  ] as const)('is wanted back under a halt of %s %s: %s', async (scope, target, wanted) => {
    const halts = createHaltStore(storage.database);
    const { id } = await halts.setHalt({ scope, target, reason: 'a drill', by: 'test' });
    await expect(isWantedBack(1)).resolves.toBe(wanted);
    await halts.liftHalt(id, 'test', 'over');
    await expect(isWantedBack(1)).resolves.toBe(false);
  });

  it('is left alone by a halt when it only reduces what is held, until its execution wants it back', async () => {
    const halts = createHaltStore(storage.database);
    await halts.setHalt({ scope: 'all', target: null, reason: 'a drill', by: 'test' });
    const reduceOnly = { algo: 'single', params: { kind: 'stop', stopPrice: '58000', reduceOnly: 1 } } as const;
    await store.accept(executionOf('protects', { ...reduceOnly, side: 'sell' }), null);
    await store.accept(executionOf('buys', { ...reduceOnly, side: 'buy' }), null);
    const orders = ['protects', 'buys', 'e1'].map((executionId) => ({
      clientOrderId: executionId,
      executionId,
      child: 1,
      venue: 'sim',
      symbol: 'BTC/USDT',
    }));
    await expect(store.wantedBack(orders)).resolves.toEqual(new Set(['buys', 'e1']));
    await expect(store.findExecution('protects')).resolves.toMatchObject({ problem: null });
    await expect(store.findExecution('buys')).resolves.toMatchObject({ problem: { code: 'HALTED' } });
    await store.withdrawChild('protects', 1);
    await expect(store.wantedBack(orders)).resolves.toEqual(new Set(['protects', 'buys', 'e1']));
  });

  it('is known with its trigger when it is a stop, and a trigger belongs to a stop alone', async () => {
    await order(1, { mode: 'stop', stopPrice: '58000.5' });
    await expect(ledger.findIntent(keyOf('e1'))).resolves.toMatchObject({ mode: 'stop', stopPrice: '58000.5' });
    await expect(order(2, { mode: 'rest', stopPrice: '58000.5' })).rejects.toThrow('intents_stop_price');
    await expect(order(3, { mode: 'stop', stopPrice: null })).rejects.toThrow('intents_stop_price');
  });

  it('of before there were other modes is what its column says', async () => {
    await order(1, { mode: 'post-only' });
    await order(2);
    await storage.database.query('update intents set mode = null');
    await expect(ledger.findIntent(keyOf('e1', 1))).resolves.toMatchObject({ mode: 'post-only', stopPrice: null });
    await expect(ledger.findIntent(keyOf('e1', 2))).resolves.toMatchObject({ mode: 'take', stopPrice: null });
  });

  it('has its trades told with those of others, without asking for each', async () => {
    await order(1, {}, '0.1');
    await order(2);
    const ids = [1, 2].map((child) => intentOf(keyOf('e1', child)).clientOrderId);
    await expect(ledger.filledOf(ids)).resolves.toEqual(new Map([[ids[0], '0.1']]));
  });

  it('is known as post-only', async () => {
    await order(1, { mode: 'post-only' });
    await expect(ledger.findIntent(keyOf('e1'))).resolves.toMatchObject({ mode: 'post-only' });
    await expect(store.ordersOf('e1')).resolves.toMatchObject([{ mode: 'post-only', slice: 1 }]);
  });
});

describe('our part of the market', () => {
  it('is what we traded within an interval, its first and its last millisecond included', async () => {
    for (const child of [1, 2, 3]) await order(child, {}, '0.1');
    const volume = (from: number, to: number) => store.ownVolume('sim', 'BTC/USDT', START + from, START + to);
    await expect(volume(0, 10_000)).resolves.toBe('0.3');
    await expect(volume(1_000, 3_000)).resolves.toBe('0.3');
    await expect(volume(1_001, 2_999)).resolves.toBe('0.1');
    await expect(volume(3_001, 9_000)).resolves.toBe('0');
    await expect(store.ownVolume('other', 'BTC/USDT', START, START + 10_000)).resolves.toBe('0');
  });

  it('of one slice is what all its children have filled', async () => {
    for (const child of [1, 2, 3]) await order(child, {}, '0.1');
    await expect(store.sliceFilled('e1', 1)).resolves.toBe('0.2');
    await expect(store.sliceFilled('e1', 2)).resolves.toBe('0.1');
    await expect(store.sliceFilled('e1', 3)).resolves.toBe('0');
  });
});

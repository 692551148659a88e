import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExecutionStore } from '../../../adapters/ports/execution-store.ts';
import { createExecutionStore } from '../../../adapters/storage/execution-store.ts';
import { createFillIntake } from '../../../adapters/storage/fill-intake.ts';
import { createHaltStore } from '../../../adapters/storage/halt-store.ts';
import { createOrderLedger } from '../../../adapters/storage/order-ledger.ts';
import { noMarketBenchmarks } from '../../../domain/execution/costs/market-benchmarks.ts';
import type { ExecutionPlan } from '../../../domain/execution/plan.ts';
import { MOST_WAITING } from '../../../domain/execution/style.ts';
import {
  decisionOf,
  executionOf,
  fillOf,
  intentOf,
  keyOf,
  openStorage,
  planOf,
  START,
  type Storage,
} from './storage.ts';

let storage: Storage;
let store: ExecutionStore;
beforeAll(async () => {
  storage = await openStorage();
  store = createExecutionStore(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const claim = (bodyHash = 'hash-1', key = 'key-1', owner = 'admin') => ({ owner, key, bodyHash });

describe('accepting an execution', () => {
  it('stores it as it was asked for, running, and tells the outbox', async () => {
    const { kind, execution } = (await store.accept(executionOf('e1'), claim())) as Extract<
      Awaited<ReturnType<ExecutionStore['accept']>>,
      { kind: 'accepted' | 'known' }
    >;
    expect(kind).toBe('accepted');
    expect(execution).toEqual({
      ...executionOf('e1'),
      amendments: [],
      status: 'running',
      problem: null,
      filled: '0',
      arrival: null,
      end: null,
      endedAt: null,
      market: null,
      createdAt: expect.any(Number),
    });
    await expect(store.findExecution('e1')).resolves.toEqual(execution);
    await expect(storage.events('e1')).resolves.toEqual(['execution.accepted']);
  });

  it('gives the same key and body the same execution, however often', async () => {
    await store.accept(executionOf('e1'), claim());
    for (const id of ['e2', 'e3'])
      await expect(store.accept(executionOf(id), claim())).resolves.toMatchObject({
        kind: 'known',
        execution: { id: 'e1' },
      });
    await expect(store.findExecution('e2')).resolves.toBeNull();
    await expect(storage.events()).resolves.toEqual(['execution.accepted']);
  });

  it('refuses the same key with another body', async () => {
    await store.accept(executionOf('e1'), claim());
    await expect(store.accept(executionOf('e2'), claim('hash-2'))).resolves.toEqual({ kind: 'key-reused' });
    await expect(store.findExecution('e2')).resolves.toBeNull();
  });

  it('takes a bounded number of executions of an account at a time whose orders wait', async () => {
    const makerFirst = (id: string, given: Partial<ExecutionPlan> = {}) =>
      executionOf(id, { params: { slices: 20, style: 'maker-first' }, ...given });
    // All but one, and then two that race for the last place.
    for (let n = 1; n < MOST_WAITING; n += 1) await store.accept(makerFirst(`m${n}`), null);
    const race = await Promise.all(['x', 'y'].map((id) => store.accept(makerFirst(id), null)));
    expect(race.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'waiting-full']);
    await expect(store.accept(makerFirst('z'), claim())).resolves.toEqual({ kind: 'waiting-full', most: 300 });
    const stop = executionOf('s', { algo: 'single', params: { kind: 'stop', stopPrice: '58000' } });
    await expect(store.accept(stop, null)).resolves.toEqual({ kind: 'waiting-full', most: 300 });
    await expect(store.findExecution('z')).resolves.toBeNull();
    // Another account's, and those that take, are not counted.
    await expect(store.accept(makerFirst('o', { venue: 'other' }), null)).resolves.toMatchObject({ kind: 'accepted' });
    await expect(store.accept(executionOf('t'), null)).resolves.toMatchObject({ kind: 'accepted' });
    await store.recordEnd({ executionId: 'm1', status: 'completed', problem: null }, START);
    await expect(store.accept(makerFirst('z'), claim())).resolves.toMatchObject({ kind: 'accepted' });
  }, 60_000);

  it('keeps the keys of two owners apart', async () => {
    await store.accept(executionOf('e1'), claim());
    await expect(store.accept(executionOf('e2'), claim('hash-1', 'key-1', 'other'))).resolves.toMatchObject({
      kind: 'accepted',
      execution: { id: 'e2' },
    });
  });

  it('accepts one of many requests that come at once with one key', async () => {
    const ids = ['e1', 'e2', 'e3', 'e4', 'e5'];
    const answers = await Promise.all(ids.map((id) => store.accept(executionOf(id), claim())));
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['accepted', 'known', 'known', 'known', 'known']);
    const named = answers.map((answer) => ('execution' in answer ? answer.execution.id : null));
    expect(new Set(named).size).toBe(1);
    await expect(storage.events()).resolves.toEqual(['execution.accepted']);
  });

  it('claims no key for an execution that could not be stored', async () => {
    await store.accept(executionOf('e1'), null);
    await expect(store.accept(executionOf('e1'), claim())).rejects.toThrow('duplicate key');
    await expect(store.accept(executionOf('e2'), claim('hash-2'))).resolves.toMatchObject({ kind: 'accepted' });
    await expect(storage.events()).resolves.toEqual(['execution.accepted', 'execution.accepted']);
  });
});

describe('starting executions', () => {
  it('remembers which have not been seen to start, oldest first', async () => {
    for (const id of ['e1', 'e2', 'e3']) await store.accept(executionOf(id), null);
    await store.markStarted('e2');
    const waiting = await store.notStarted();
    expect(waiting.map(({ id }) => id)).toEqual(['e1', 'e3']);
  });
});

describe('listing executions', () => {
  beforeEach(async () => {
    for (const n of [1, 2, 3, 4, 5])
      await store.accept(executionOf(`e${n}`, n % 2 === 0 ? { symbol: 'ETH/USDT' } : { venue: 'other' }), null);
  });

  const pages = async (limit: number, filter = {}): Promise<string[][]> => {
    const found: string[][] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<ExecutionStore['listExecutions']>> = await store.listExecutions({
        ...filter,
        limit,
        ...(cursor === null ? {} : { cursor }),
      });
      found.push(page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    return found;
  };

  it('gives the newest first, page by page, each once', async () => {
    await expect(pages(2)).resolves.toEqual([['e5', 'e4'], ['e3', 'e2'], ['e1']]);
  });

  it('promises no page after a last one that is full', async () => {
    await expect(pages(5)).resolves.toEqual([['e5', 'e4', 'e3', 'e2', 'e1']]);
  });

  it('neither skips nor repeats when new ones come between two pages', async () => {
    const first = await store.listExecutions({ limit: 2 });
    await store.accept(executionOf('e6'), null);
    const second = await store.listExecutions({ limit: 2, cursor: first.next! });
    expect(second.items.map(({ id }) => id)).toEqual(['e3', 'e2']);
  });

  it('filters by status, venue and symbol', async () => {
    await store.recordStatus('e3', 'paused');
    await expect(pages(10, { status: 'paused' })).resolves.toEqual([['e3']]);
    await expect(pages(10, { venue: 'other' })).resolves.toEqual([['e5', 'e3', 'e1']]);
    await expect(pages(1, { symbol: 'ETH/USDT' })).resolves.toEqual([['e4'], ['e2']]);
    await expect(pages(10, { symbol: 'ETH/USDT', venue: 'other' })).resolves.toEqual([[]]);
  });
});

describe('the status of an execution', () => {
  const end = { executionId: 'e1', status: 'expired', problem: { code: 'X', detail: 'x' } } as const;
  const endedAt = START + 300_000;
  const close = { end: { price: '60010.5', at: START + 300_000 }, market: noMarketBenchmarks('no tape') } as const;

  it('changes between running and paused, with one event for each change', async () => {
    await store.accept(executionOf('e1'), null);
    await store.recordStatus('e1', 'paused');
    await store.recordStatus('e1', 'paused');
    await store.recordStatus('e1', 'running');
    await expect(store.findExecution('e1')).resolves.toMatchObject({ status: 'running' });
    await expect(storage.events('e1')).resolves.toEqual(['execution.accepted', 'execution.status', 'execution.status']);
  });

  it('is final once it has ended: neither a late pause nor a second end changes it', async () => {
    await store.accept(executionOf('e1'), null);
    await expect(store.recordEnd(end, endedAt)).resolves.toEqual({ filled: '0', residual: '5' });
    await store.recordStatus('e1', 'paused');
    await expect(store.recordEnd({ ...end, status: 'completed' }, endedAt + 1)).resolves.toMatchObject({ filled: '0' });
    await expect(store.findExecution('e1')).resolves.toMatchObject({
      status: 'expired',
      problem: end.problem,
      endedAt,
      end: null,
      market: null,
    });
    await expect(storage.events('e1')).resolves.toEqual(['execution.accepted', 'execution.status']);
  });

  it('is known before the price at the end, which is stored once', async () => {
    await store.accept(executionOf('e1'), null);
    // Nothing is measured of an execution that runs.
    await store.recordClose('e1', close);
    await store.recordEnd(end, endedAt);
    await expect(store.findExecution('e1')).resolves.toMatchObject({ end: null, market: null });
    await store.recordClose('e1', close);
    await store.recordClose('e1', { ...close, end: null });
    await expect(store.findExecution('e1')).resolves.toMatchObject({ status: 'expired', ...close });
    await expect(storage.events('e1')).resolves.toEqual([
      'execution.accepted',
      'execution.status',
      'execution.measured',
    ]);
  });

  it('may get the figures of the market later', async () => {
    await store.accept(executionOf('e1'), null);
    await store.recordEnd(end, endedAt);
    await store.recordClose('e1', { ...close, end: null });
    const market = { ...noMarketBenchmarks('x'), vwap: '60001.123456789012', reasons: {} };
    await store.recordMarket('e1', market);
    await expect(store.findExecution('e1')).resolves.toMatchObject({ end: null, market });
  });
});

describe('what an execution did', () => {
  it('is read back in order and to the last digit', async () => {
    const ledger = createOrderLedger(storage.database);
    await store.accept(executionOf('e1'), null);
    for (const child of [2, 1]) {
      const key = keyOf('e1', child);
      await ledger.orderTransaction('sim', async (transaction) => {
        await transaction.recordDecision(decisionOf(key, { mid: `6000${child}` }));
        await transaction.insertIntent(intentOf(key, { quantity: '0.250000000000000001' }));
      });
    }
    await ledger.endIntent(keyOf('e1', 1), {
      state: 'partially-filled',
      venueOrderId: '77',
      // A trade id of more digits comes later, whatever the alphabet says.
      fills: [fillOf('100', '0.1'), fillOf('99', '0.000000000000000001')],
      problem: null,
    });
    await expect(store.decisionsOf('e1')).resolves.toEqual([
      decisionOf(keyOf('e1', 1), { mid: '60001' }),
      decisionOf(keyOf('e1', 2), { mid: '60002' }),
    ]);
    await expect(store.ordersOf('e1')).resolves.toEqual([
      {
        ...keyOf('e1', 1),
        slice: 1,
        mode: 'take',
        stopPrice: null,
        clientOrderId: 'e1-1-1',
        venueOrderId: '77',
        state: 'partially-filled',
        side: 'buy',
        price: '60061',
        quantity: '0.250000000000000001',
        filled: '0.100000000000000001',
        dueAt: START,
        sentAt: START + 21,
        problem: null,
      },
      expect.objectContaining({ child: 2, state: 'sending', filled: '0' }),
    ]);
    const common = { executionId: 'e1', slice: 1, child: 1, clientOrderId: 'e1-1-1', mid: '60000', selfTrade: false };
    await expect(store.fillsOf('e1')).resolves.toEqual([
      { ...fillOf('99', '0.000000000000000001'), ...common },
      { ...fillOf('100', '0.1'), ...common },
    ]);
    await expect(store.findExecution('e1')).resolves.toMatchObject({
      filled: '0.100000000000000001',
      plan: planOf('e1'),
    });
  });

  it('shows no time of sending for an order that was not sent', async () => {
    const ledger = createOrderLedger(storage.database);
    await store.accept(executionOf('e1'), null);
    await ledger.orderTransaction('sim', async (transaction) => {
      await transaction.recordDecision(decisionOf(keyOf('e1')));
      await transaction.insertIntent(intentOf(keyOf('e1')));
    });
    const problem = { code: 'NOT_SENT_IN_TIME', detail: 'too late' };
    await ledger.endIntent(keyOf('e1'), { state: 'not-placed', venueOrderId: null, fills: [], problem });
    await expect(store.ordersOf('e1')).resolves.toMatchObject([{ state: 'not-placed', sentAt: null, problem }]);
  });
});

describe('the problem of an execution that has not ended', () => {
  const problemOf = async (id: string) => (await store.findExecution(id))?.problem;

  it('is what its latest child met, until a later one meets nothing', async () => {
    const ledger = createOrderLedger(storage.database);
    await store.accept(executionOf('e1'), null);
    await expect(problemOf('e1')).resolves.toBeNull();
    await ledger.orderTransaction('sim', (transaction) =>
      transaction.recordDecision(decisionOf(keyOf('e1'), { action: 'carry', reason: 'BEYOND_LIMIT' })),
    );
    await expect(problemOf('e1')).resolves.toEqual({
      code: 'BEYOND_LIMIT',
      detail: 'slice 1 was not sent: the market is beyond the limit',
    });
    await ledger.orderTransaction('sim', async (transaction) => {
      await transaction.recordDecision(decisionOf(keyOf('e1', 2)));
      await transaction.insertIntent(intentOf(keyOf('e1', 2)));
    });
    await expect(problemOf('e1')).resolves.toBeNull();
    const problem = { code: '-2010', detail: 'refused' };
    await ledger.endIntent(keyOf('e1', 2), { state: 'refused', venueOrderId: null, fills: [], problem });
    await expect(problemOf('e1')).resolves.toEqual(problem);
    // Once it has ended it has what it ended with.
    await store.recordEnd({ executionId: 'e1', status: 'cancelled', problem: null }, START);
    await expect(problemOf('e1')).resolves.toBeNull();
  });

  it('is a halt that covers it, while it is in force', async () => {
    await store.accept(executionOf('e1'), null);
    await store.accept(executionOf('e2', { symbol: 'ETH/USDT' }), null);
    const halts = createHaltStore(storage.database);
    const { id } = await halts.setHalt({ scope: 'symbol', target: 'BTC/USDT', reason: 'news', by: 'ann' });
    await expect(problemOf('e1')).resolves.toMatchObject({ code: 'HALTED', detail: expect.stringContaining('ann') });
    await expect(problemOf('e2')).resolves.toBeNull();
    await halts.liftHalt(id, 'ann', 'over');
    await expect(problemOf('e1')).resolves.toBeNull();
  });
});

describe('a fill', () => {
  it('is a self-trade when another order of the account is in the same trade, ours or placed by hand', async () => {
    const ledger = createOrderLedger(storage.database);
    const intake = createFillIntake(storage.database);
    for (const [id, side] of [
      ['e1', 'buy'],
      ['e2', 'sell'],
    ] as const) {
      await store.accept(executionOf(id, { side }), null);
      await ledger.orderTransaction('sim', async (transaction) => {
        await transaction.recordDecision(decisionOf(keyOf(id)));
        await transaction.insertIntent(intentOf(keyOf(id), { side }));
      });
    }
    const take = (trade: string, order: string, side: 'buy' | 'sell', clientOrderId: string, venue = 'sim') =>
      intake.acceptStreamFill(venue, fillOf(trade, '0.01', { orderId: order, side }), clientOrderId, order);
    // Trade 1 between e1 and e2, trade 2 between e1 and a person, trade 3 with somebody else; another account's trades have ids of their own.
    await take('1', '77', 'buy', 'e1-1-1');
    await take('1', '78', 'sell', 'e2-1-1');
    await take('2', '77', 'buy', 'e1-1-1');
    await take('2', '900', 'sell', 'web_1');
    await take('3', '77', 'buy', 'e1-1-1');
    await take('3', '901', 'sell', 'web_2', 'other');
    const selfTrades = async (id: string) =>
      (await store.fillsOf(id)).map(({ tradeId, selfTrade }) => [tradeId, selfTrade]);
    await expect(selfTrades('e1')).resolves.toEqual([
      ['1', true],
      ['2', true],
      ['3', false],
    ]);
    await expect(selfTrades('e2')).resolves.toEqual([['1', true]]);
  });
});

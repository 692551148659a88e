import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tradesOf } from '../../../adapters/backtests/parts.ts';
import type { BacktestStore, NewBacktest } from '../../../adapters/ports/backtest-store.ts';
import { createBacktestStore } from '../../../adapters/storage/backtest-store.ts';
import { PARTS, RESULT } from '../../api/fakes/backtest-result.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
let store: BacktestStore;
beforeAll(async () => {
  storage = await openStorage();
  store = createBacktestStore(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const backtestOf = (id: string, given: Partial<NewBacktest> = {}): NewBacktest => ({
  id,
  workflowId: `backtest/${id}`,
  owner: 'admin',
  request: { spec: RESULT.manifest.spec, expected: null },
  strategy: 'sma-cross',
  symbol: 'X',
  ...given,
});
const claimOf = (key: string, bodyHash = 'h1') => ({ owner: 'admin', key, bodyHash });
const accept = (id: string) => store.accept(backtestOf(id), null);

describe('backtests', () => {
  it('come back as they were accepted', async () => {
    expect(await accept('a')).toMatchObject({ kind: 'accepted' });
    expect(await store.findBacktest('a')).toEqual({
      ...backtestOf('a'),
      status: 'queued',
      progress: { barsDone: 0, bars: 0 },
      problem: null,
      result: null,
      createdAt: expect.any(Number),
      startedAt: null,
      endedAt: null,
    });
    expect(await store.findBacktest('b')).toBeNull();
    expect(await storage.events('a')).toEqual(['backtest.accepted']);
  });

  it('are one for one key, also when two requests come at once', async () => {
    const both = await Promise.all(['a', 'b'].map((id) => store.accept(backtestOf(id), claimOf('k'))));
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'known']);
    expect(await store.accept(backtestOf('c'), claimOf('k', 'h2'))).toEqual({ kind: 'key-reused' });
    expect((await store.listBacktests({ limit: 10 })).items).toHaveLength(1);
  });

  it('wait for their start until it is noted', async () => {
    await accept('a');
    await accept('b');
    await store.markStarted('a');
    expect((await store.notStarted()).map(({ id }) => id)).toEqual(['b']);
  });

  it('are listed newest first, by status, strategy and symbol, page by page', async () => {
    for (const id of ['a', 'b', 'c']) await accept(id);
    await store.accept(backtestOf('d', { strategy: 'macd', symbol: 'Y' }), null);
    await store.recordEnd('a', 'cancelled', null);
    const ids = async (filter: object) => {
      const { items, next } = await store.listBacktests({ limit: 10, ...filter });
      return [items.map(({ id }) => id).join(''), next];
    };
    expect(await ids({})).toEqual(['dcba', null]);
    expect(await ids({ status: 'cancelled' })).toEqual(['a', null]);
    expect(await ids({ strategy: 'sma-cross' })).toEqual(['cba', null]);
    expect(await ids({ symbol: 'Y' })).toEqual(['d', null]);
    const [first, next] = await ids({ limit: 3 });
    expect(first).toBe('dcb');
    expect(await ids({ limit: 3, cursor: next })).toEqual(['a', null]);
  });
});

describe('a run', () => {
  beforeEach(() => accept('a'));

  it('tells its progress, from 0 again when it begins anew', async () => {
    await store.recordProgress('a', { barsDone: 5, bars: 9 });
    expect((await store.findBacktest('a'))?.progress.barsDone).toBe(0);
    await store.recordStart('a');
    await store.recordProgress('a', { barsDone: 5, bars: 9 });
    expect(await store.findBacktest('a')).toMatchObject({ status: 'running', progress: { barsDone: 5, bars: 9 } });
    await store.recordStart('a');
    expect((await store.findBacktest('a'))?.progress).toEqual({ barsDone: 0, bars: 9 });
  });

  it('stores its result to the last bit and its pieces, once', async () => {
    await store.recordStart('a');
    const third = { ...RESULT, metrics: { ...RESULT.metrics, totalReturn: 1 / 3, sharpeRatio: 5e-324 } };
    await store.recordResult('a', third, PARTS);
    await store.recordResult('a', { ...RESULT, tradesHash: 'e'.repeat(64) }, PARTS);
    const record = await store.findBacktest('a');
    expect(record).toMatchObject({ status: 'completed', result: third, endedAt: expect.any(Number) });
    // Two bars after one of warm-up.
    expect(record!.progress).toEqual({ barsDone: 3, bars: 3 });
    expect(JSON.stringify(record!.result!.manifest)).toBe(JSON.stringify(RESULT.manifest));
    const trades = await store.findPart('a', 'trades', 0);
    expect(tradesOf(trades!).map(({ size }) => size)).toEqual([1, 2, 3]);
    expect(await store.findPart('a', 'trades', 1)).toBeNull();
    expect(await storage.events('a')).toEqual(['backtest.accepted', 'backtest.status', 'backtest.status']);
  });

  it('leaves nothing when it was cancelled before', async () => {
    await store.recordEnd('a', 'cancelled', null);
    await store.recordResult('a', RESULT, PARTS);
    await store.recordEnd('a', 'failed', { code: 'RUN_FAILED', detail: 'late', errors: [], place: null });
    expect(await store.findBacktest('a')).toMatchObject({ status: 'cancelled', result: null, problem: null });
    expect(await store.findPart('a', 'report', 0)).toBeNull();
  });

  it('keeps why it failed', async () => {
    const place = { symbol: 'X', bar: 5, time: 60_000, line: 'own.mjs:1:1' };
    const problem = { code: 'STRATEGY_FAILED', detail: 'it threw', errors: [], place } as const;
    await store.recordEnd('a', 'failed', problem);
    expect(await store.findBacktest('a')).toMatchObject({ status: 'failed', problem });
  });
});

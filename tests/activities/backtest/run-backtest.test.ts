import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BacktestRecord, BacktestStore, RunOptions } from '../../../adapters/ports/backtest-store.ts';
import { runBacktest } from '../../../activities/backtest/run-backtest.ts';
import { createBacktestRecords } from '../../../activities/backtest/backtest-activities.ts';
import { failure } from '../../../domain/backtest/failure.ts';
import { PARTS, RESULT } from '../../api/fakes/backtest-result.ts';

const QUEUED: BacktestRecord = {
  id: 'b1',
  workflowId: 'backtest/b1',
  owner: 'admin',
  request: { spec: RESULT.manifest.spec, expected: null },
  strategy: 'sma-cross',
  symbol: 'X',
  status: 'queued',
  progress: { barsDone: 0, bars: 0 },
  problem: null,
  result: null,
  createdAt: 0,
  startedAt: null,
  endedAt: null,
};

/** A store of one backtest with the promise that matters: the first end stands. */
function storeOf(first: BacktestRecord) {
  const calls: string[] = [];
  let record = first;
  const change = (call: string, changes: Partial<BacktestRecord>) => {
    calls.push(call);
    if (record.status === 'queued' || record.status === 'running') record = { ...record, ...changes };
  };
  const store: Pick<BacktestStore, 'findBacktest' | 'recordStart' | 'recordProgress' | 'recordResult' | 'recordEnd'> = {
    findBacktest: async (id) => (id === record.id ? record : null),
    recordStart: async () => change('start', { status: 'running' }),
    recordProgress: async (_id, progress) => change(`progress ${progress.barsDone}`, { progress }),
    recordResult: async (_id, result, parts) => change(`result ${parts.length}`, { status: 'completed', result }),
    recordEnd: async (_id, status, problem) => change(status, { status, problem }),
  };
  return { store, calls, record: () => record };
}

function attemptOf(run: (options: RunOptions) => Promise<unknown>, first: BacktestRecord = QUEUED) {
  const { store, calls, record } = storeOf(first);
  const beats: number[] = [];
  const logs: string[] = [];
  const attempt = runBacktest(
    {
      store,
      runner: {
        run: async (_request, options) => (await run(options)) as { result: typeof RESULT; parts: typeof PARTS },
      },
      recordEveryMs: 1_000,
      log: (message) => logs.push(message),
    },
    'b1',
    { cancel: new AbortController().signal, heartbeat: ({ barsDone }) => beats.push(barsDone) },
  );
  return { attempt, calls, record, beats, logs, store };
}

const output = { result: RESULT, parts: PARTS };

describe('the run of a backtest', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('stores its result once, and answers with what a workflow needs', async () => {
    const { attempt, calls } = attemptOf(async () => output);
    expect(await attempt).toEqual({
      status: 'completed',
      tradesHash: RESULT.tradesHash,
      closedTrades: 3,
      totalReturn: 0.0125,
      problem: null,
    });
    expect(calls).toEqual(['start', `result ${PARTS.length}`]);
  });

  it('beats with every progress and stores the latest of a second', async () => {
    const { attempt, calls, beats } = attemptOf(async ({ onProgress }) => {
      onProgress!({ barsDone: 10, bars: 30 });
      onProgress!({ barsDone: 20, bars: 30 });
      await jest.advanceTimersByTimeAsync(1_000);
      return output;
    });
    await attempt;
    expect(beats).toEqual([10, 20]);
    expect(calls).toEqual(['start', 'progress 20', `result ${PARTS.length}`]);
  });

  it('ends as failed when the strategy fails, with everything about it in the store', async () => {
    const place = { symbol: 'X', bar: 5, time: 0, line: 'own.mjs:1:1' };
    const { attempt, record } = attemptOf(async () => {
      throw failure('STRATEGY_FAILED', 'it threw', [], place);
    });
    expect(await attempt).toMatchObject({ status: 'failed', problem: { code: 'STRATEGY_FAILED', detail: 'it threw' } });
    expect(record().problem?.place).toEqual(place);
  });

  it('stores how far it came when it fails, however soon that is', async () => {
    const { attempt, record } = attemptOf(async ({ onProgress }) => {
      onProgress!({ barsDone: 6, bars: 100 });
      throw failure('STRATEGY_FAILED', 'it threw');
    });
    await attempt;
    expect(record()).toMatchObject({ status: 'failed', progress: { barsDone: 6, bars: 100 } });
  });

  it('leaves what is not the strategy’s fault to another attempt', async () => {
    const { attempt, record } = attemptOf(async () => {
      throw new Error('the thread died');
    });
    await expect(attempt).rejects.toThrow('the thread died');
    expect(record().status).toBe('running');
  });

  it('is not made again when it has ended already', async () => {
    const run = jest.fn(async () => output);
    const { attempt, calls } = attemptOf(run, { ...QUEUED, status: 'completed', result: RESULT });
    expect(await attempt).toMatchObject({ status: 'completed', tradesHash: RESULT.tradesHash });
    expect(run).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
  });

  it('answers as cancelled when that came before its result', async () => {
    const { attempt, store } = attemptOf(async () => {
      await store.recordEnd('b1', 'cancelled', null);
      return output;
    });
    expect(await attempt).toMatchObject({ status: 'cancelled', tradesHash: null });
  });

  it('outlives a progress that could not be stored', async () => {
    const { attempt, logs, store } = attemptOf(async ({ onProgress }) => {
      store.recordProgress = () => Promise.reject(new Error('the database is away'));
      onProgress!({ barsDone: 10, bars: 30 });
      await jest.advanceTimersByTimeAsync(1_000);
      return output;
    });
    expect((await attempt).status).toBe('completed');
    expect(logs).toEqual(['the progress could not be stored']);
  });
});

describe('the end of a backtest that no worker brought to its end', () => {
  it('is recorded, unless it had ended', async () => {
    const { store, record } = storeOf(QUEUED);
    const records = createBacktestRecords(store);
    const problem = { code: 'RUN_FAILED', detail: 'ten workers died of it' } as const;
    expect(await records.endBacktest({ backtestId: 'b1', status: 'failed', problem })).toMatchObject({
      status: 'failed',
      problem,
    });
    expect(await records.endBacktest({ backtestId: 'b1', status: 'cancelled', problem: null })).toMatchObject({
      status: 'failed',
    });
    expect(record().problem).toMatchObject(problem);
  });
});

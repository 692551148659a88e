import { afterEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createComputeActivities } from '../../../activities/backtest/backtest-activities.ts';
import type { BacktestDependencies } from '../../../activities/backtest/dependencies.ts';
import { type Beat, deathsBefore, Turns } from '../../../activities/backtest/worker-deaths.ts';
import type { BacktestRecord, BacktestRunner } from '../../../adapters/ports/backtest-store.ts';
import type { BacktestOutcome } from '../../../domain/backtest/commands.ts';
import { PARTS, RESULT } from '../../api/fakes/backtest-result.ts';

const never = (): AbortSignal => new AbortController().signal;
const output = { result: RESULT, parts: PARTS };

/** Attempts that never end are told to. */
const environments: MockActivityEnvironment[] = [];
afterEach(() => {
  for (const environment of environments.splice(0)) environment.cancel();
});

const untilCancelled: BacktestRunner['run'] = (_request, { cancel }) =>
  new Promise((_resolve, reject) => {
    cancel.addEventListener('abort', () => reject(cancel.reason));
  });

/** A worker whose runs are `run`, with as many backtests as are asked for. */
function workerOf(run: BacktestRunner['run']) {
  const records = new Map<string, BacktestRecord>();
  const recordOf = (id: string): BacktestRecord =>
    records.get(id) ??
    ({
      id,
      workflowId: `backtest/${id}`,
      owner: 'admin',
      request: { spec: RESULT.manifest.spec, expected: null },
      strategy: 'own',
      symbol: 'X',
      status: 'running',
      progress: { barsDone: 0, bars: 0 },
      problem: null,
      result: null,
      createdAt: 0,
      startedAt: 0,
      endedAt: null,
    } satisfies BacktestRecord);
  const change = async (id: string, changes: Partial<BacktestRecord>): Promise<void> => {
    records.set(id, { ...recordOf(id), ...changes });
  };
  const store: BacktestDependencies['store'] = {
    findBacktest: async (id) => recordOf(id),
    recordStart: async () => undefined,
    recordProgress: async () => undefined,
    recordResult: (id, result) => change(id, { status: 'completed', result }),
    recordEnd: (id, status, problem) => change(id, { status, problem }),
  };
  const activities = createComputeActivities({
    store,
    runner: { run },
    recordEveryMs: 1_000,
    log: () => undefined,
  });
  const beats: Beat[] = [];
  const attempt = (backtestId: string, last: Beat | undefined): Promise<BacktestOutcome> => {
    const environment = new MockActivityEnvironment({ heartbeatDetails: last });
    environments.push(environment);
    environment.on('heartbeat', (beat: Beat) => beats.push(beat));
    return environment.run(() => activities.runBacktest({ backtestId })) as Promise<BacktestOutcome>;
  };
  return { attempt, beats };
}

const died = (deaths: number): Beat => ({ barsDone: 5, bars: 10, deaths, isUnderWay: true });

describe('workers that die under a run', () => {
  it.each([
    [undefined, 0],
    [{ barsDone: 3, bars: 9 }, 0],
    [{ barsDone: 3, bars: 9, deaths: 2, isUnderWay: false }, 2],
    [{ barsDone: 3, bars: 9, deaths: 2, isUnderWay: true }, 3],
  ])('are counted by its last heartbeat %j: %d', (last, deaths) => {
    expect(deathsBefore(last)).toBe(deaths);
  });

  it('are told from attempt to attempt, and the fifth is the last', async () => {
    let last: Beat | undefined;
    for (let deaths = 0; deaths < 5; deaths++) {
      // Each worker is a new process, which is killed: its attempt never answers, and the next one knows its last heartbeat.
      const { attempt, beats } = workerOf(untilCancelled);
      attempt('b1', last).catch(() => undefined);
      while (beats.at(-1)?.isUnderWay !== true) await new Promise(setImmediate);
      last = beats.at(-1)!;
      expect(last.deaths).toBe(deaths);
    }
    const { attempt } = workerOf(() => Promise.reject(new Error('it was run')));
    expect(await attempt('b1', last)).toMatchObject({
      status: 'failed',
      problem: { code: 'WORKER_LOST', detail: expect.stringMatching(/^5 workers have died while they ran it/) },
    });
  });

  it('are not those whose run failed for another reason', async () => {
    const { attempt, beats } = workerOf(async () => {
      throw new Error('the database is away');
    });
    await expect(attempt('b1', died(0))).rejects.toThrow('the database is away');
    expect(beats.at(-1)).toMatchObject({ deaths: 1, isUnderWay: false });
    expect(deathsBefore(beats.at(-1))).toBe(1);
  });

  it('make suspects of all that they ran: these run one at a time, and whoever waits says that it is not under way', async () => {
    const ends = new Map<number, () => void>();
    let begun = 0;
    const { attempt, beats } = workerOf(async () => {
      const number = (begun += 1);
      await new Promise<void>((resolve) => ends.set(number, resolve));
      return output;
    });
    const first = attempt('b1', died(1));
    while (begun < 1) await new Promise(setImmediate);
    const second = attempt('b2', died(1));
    const unsuspected = attempt('b3', died(0));
    while (begun < 2) await new Promise(setImmediate);
    expect(beats.filter(({ deaths, isUnderWay }) => deaths === 2 && isUnderWay)).toHaveLength(1);
    ends.get(2)!();
    expect((await unsuspected).status).toBe('completed');
    expect(begun).toBe(2);
    ends.get(1)!();
    expect((await first).status).toBe('completed');
    while (begun < 3) await new Promise(setImmediate);
    ends.get(3)!();
    expect((await second).status).toBe('completed');
  });
});

describe('turns', () => {
  it('are given up by whoever is cancelled, and come to those behind', async () => {
    const turns = new Turns();
    const end = await turns.take(never());
    const cancel = new AbortController();
    const second = turns.take(cancel.signal);
    let hasThird = false;
    const third = turns.take(never()).then(() => (hasThird = true));
    cancel.abort(new Error('not wanted'));
    await expect(second).rejects.toThrow('not wanted');
    expect(hasThird).toBe(false);
    end();
    expect(await third).toBe(true);
  });
});

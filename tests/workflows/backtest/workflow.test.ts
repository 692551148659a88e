import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cancelled, heartbeat } from '@temporalio/activity';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { createComputeActivities } from '../../../activities/backtest/backtest-activities.ts';
import type { BacktestOutcome, BacktestRecords, ComputeActivities } from '../../../domain/backtest/commands.ts';
import { BACKTEST_WORKFLOW, type BacktestInput, COMPUTE_QUEUE } from '../../../workflows/backtest/messages.ts';
import { startTimeSkipping } from '../../helpers/time-skipping.ts';

jest.setTimeout(30_000);

const COMPLETED: BacktestOutcome = {
  status: 'completed',
  tradesHash: 'c'.repeat(64),
  closedTrades: 3,
  totalReturn: 0.0125,
  problem: null,
};

let environment: TestWorkflowEnvironment;
let codePath: string;
beforeAll(async () => {
  ({ environment, codePath } = await startTimeSkipping());
}, 120_000);
afterAll(() => environment?.teardown());

/** What a test saw of one backtest. */
interface Seen {
  readonly outcome: BacktestOutcome;
  readonly ends: readonly Parameters<BacktestRecords['endBacktest']>[0][];
  readonly attempts: number;
}

/** Runs one backtest on workers whose work is `work`. `meanwhile` may cancel it once its work has begun. */
async function run(work: (attempt: number) => Promise<BacktestOutcome>, isCancelled = false): Promise<Seen> {
  const ends: Parameters<BacktestRecords['endBacktest']>[0][] = [];
  let attempts = 0;
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const queue = randomUUID();
  const records: BacktestRecords = {
    endBacktest: async (end) => {
      ends.push(end);
      return { status: end.status, tradesHash: null, closedTrades: null, totalReturn: null, problem: end.problem };
    },
  };
  const compute: ComputeActivities = {
    runBacktest: async () => {
      attempts += 1;
      begun();
      return work(attempts);
    },
  };
  const { nativeConnection: connection, client } = environment;
  const [trading, computing] = await Promise.all([
    Worker.create({ connection, taskQueue: queue, workflowBundle: { codePath }, activities: { ...records } }),
    Worker.create({
      connection,
      taskQueue: COMPUTE_QUEUE,
      activities: { ...compute },
      maxHeartbeatThrottleInterval: 100,
    }),
  ]);
  const input: BacktestInput = {
    backtestId: 'b1',
    title: 'backtest of sma-cross on X',
    facts: { strategy: 'sma-cross' },
  };
  return trading.runUntil(() =>
    computing.runUntil(async () => {
      const handle = await client.workflow.start<(given: BacktestInput) => Promise<BacktestOutcome>>(
        BACKTEST_WORKFLOW,
        {
          workflowId: `backtest/${randomUUID()}`,
          taskQueue: queue,
          args: [input],
        },
      );
      if (isCancelled) {
        await hasBegun;
        await handle.cancel();
      }
      const outcome = await handle.result();
      return { outcome, ends, attempts };
    }),
  );
}

describe('a backtest', () => {
  it('ends as its activity says', async () => {
    const { outcome, ends } = await run(async () => COMPLETED);
    expect(outcome).toEqual(COMPLETED);
    expect(ends).toEqual([]);
  });

  it('is tried again after a failure that is not its own', async () => {
    const { outcome, attempts } = await run(async (attempt) => {
      if (attempt < 3) throw new Error('the database is away');
      return COMPLETED;
    });
    expect(attempts).toBe(3);
    expect(outcome.status).toBe('completed');
  });

  it('ends as failed when no attempt comes through, with the reason of the last', async () => {
    const { outcome, ends, attempts } = await run(async () => {
      throw new Error('the thread died');
    });
    expect(attempts).toBe(10);
    expect(outcome).toMatchObject({ status: 'failed', problem: { code: 'RUN_FAILED', detail: 'the thread died' } });
    expect(ends).toHaveLength(1);
  });

  it('does not take failures of ours for deaths of its worker', async () => {
    const away = () => Promise.reject(new Error('the database is away'));
    const store = {
      findBacktest: away,
      recordStart: away,
      recordProgress: away,
      recordResult: away,
      recordEnd: () => Promise.reject(new Error('it was thought to kill workers')),
    };
    const runner = { run: away };
    const activities = createComputeActivities({ store, runner, recordEveryMs: 1_000, log: () => undefined });
    const { outcome, attempts } = await run(() => activities.runBacktest({ backtestId: 'b1' }));
    expect(attempts).toBe(10);
    expect(outcome.problem).toEqual({ code: 'RUN_FAILED', detail: 'the database is away' });
  });

  it('ends as cancelled when that is asked for, and says so in the store', async () => {
    const { outcome, ends } = await run(async () => {
      const beats = setInterval(heartbeat, 50);
      return cancelled().finally(() => clearInterval(beats));
    }, true);
    expect(outcome.status).toBe('cancelled');
    expect(ends).toEqual([{ backtestId: 'b1', status: 'cancelled', problem: null }]);
  });
});

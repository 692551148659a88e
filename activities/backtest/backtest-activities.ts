import { ApplicationFailure, cancellationSignal, CancelledFailure, heartbeat } from '@temporalio/activity';
import type { BacktestStore } from '../../adapters/ports/backtest-store.ts';
import type { BacktestProgress, BacktestRecords, ComputeActivities } from '../../domain/backtest/commands.ts';
import type { BacktestDependencies } from './dependencies.ts';
import { outcomeOf } from './outcome.ts';
import { runBacktest } from './run-backtest.ts';

const HEARTBEAT_EVERY_MS = 1_000;

/** The activities on the queue `compute`. */
export function createComputeActivities(deps: BacktestDependencies): ComputeActivities {
  return {
    runBacktest: async ({ backtestId }) => {
      let progress: BacktestProgress = { barsDone: 0, bars: 0 };
      // Also while nothing moves: a cancellation is heard only in answer to a heartbeat.
      const beat = (): void => heartbeat(progress);
      beat();
      const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
      try {
        return await runBacktest(deps, backtestId, {
          cancel: cancellationSignal(),
          heartbeat: (now) => {
            progress = now;
          },
        });
      } catch (error) {
        throw asFailure(error);
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** A worker that drains gives its runs back: that is no cancellation of the backtest. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof CancelledFailure) || error.message !== 'WORKER_SHUTDOWN') return error;
  return ApplicationFailure.retryable('the worker was told to stop', 'WorkerShutdown');
}

/** The activities of backtests on the queue `trading`. */
export function createBacktestRecords(store: Pick<BacktestStore, 'findBacktest' | 'recordEnd'>): BacktestRecords {
  return {
    endBacktest: async ({ backtestId, status, problem }) => {
      await store.recordEnd(backtestId, status, problem === null ? null : { ...problem, errors: [], place: null });
      const record = await store.findBacktest(backtestId);
      if (record === null) throw new Error(`there is no backtest ${backtestId}`);
      return outcomeOf(record);
    },
  };
}

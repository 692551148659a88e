import {
  activityInfo,
  ApplicationFailure,
  cancellationSignal,
  CancelledFailure,
  heartbeat,
  sleep,
} from '@temporalio/activity';
import type { BacktestStore } from '../../adapters/ports/backtest-store.ts';
import type { BacktestRecords, ComputeActivities } from '../../domain/backtest/commands.ts';
import type { BacktestDependencies } from './dependencies.ts';
import { outcomeOf } from './outcome.ts';
import { endUnrun, runBacktest } from './run-backtest.ts';
import { type Beat, deathsBefore, isSuspect, Turns, workerLost } from './worker-deaths.ts';

const HEARTBEAT_EVERY_MS = 1_000;

/** The activities on the queue `compute`. */
export function createComputeActivities(deps: BacktestDependencies): ComputeActivities {
  const suspects = new Turns();
  return {
    runBacktest: async ({ backtestId }) => {
      const deaths = deathsBefore(activityInfo().heartbeatDetails);
      const lost = workerLost(deaths);
      if (lost !== null) return endUnrun(deps, backtestId, lost);
      let latest: Beat = { barsDone: 0, bars: 0, deaths, isUnderWay: !(isSuspect(deaths) && suspects.isTaken) };
      // Also while nothing moves: a cancellation is heard only in answer to a heartbeat.
      const beat = (): void => heartbeat(latest);
      beat();
      const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
      const cancel = cancellationSignal();
      let endTurn: () => void = () => undefined;
      try {
        if (isSuspect(deaths)) endTurn = await suspects.take(cancel);
        if (!latest.isUnderWay) {
          latest = { ...latest, isUnderWay: true };
          beat();
          // Heartbeats are held back for up to a second: this one has to be out before its worker may die.
          await sleep(2 * HEARTBEAT_EVERY_MS);
        }
        return await runBacktest(deps, backtestId, {
          cancel,
          heartbeat: (now) => {
            latest = { ...latest, ...now };
          },
        });
      } catch (error) {
        // The worker lives: what failed is no death.
        latest = { ...latest, isUnderWay: false };
        beat();
        throw asFailure(error);
      } finally {
        clearInterval(timer);
        endTurn();
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

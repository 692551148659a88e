import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { BacktestOutcome, BacktestRecords, ComputeActivities } from '../../domain/backtest/commands.ts';
import { searchAttributes } from '../search-attributes.ts';
import { detailsTable } from './details.ts';
import { type BacktestInput, COMPUTE_QUEUE } from './messages.ts';
import { problemOf } from './problem-of.ts';

/** Attempts, of which the activity itself allows fewer to end with the death of their worker. */
const MOST_ATTEMPTS = 10;

const compute = proxyActivities<ComputeActivities>({
  taskQueue: COMPUTE_QUEUE,
  startToCloseTimeout: '1 day',
  // Short, because it is how long a killed worker goes unnoticed.
  heartbeatTimeout: '10 seconds',
  // What a worker has not let go of may still end by itself.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '500 milliseconds', maximumInterval: '10 seconds', maximumAttempts: MOST_ATTEMPTS },
});

const records = proxyActivities<BacktestRecords>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '5 seconds' },
});

/**
 * One backtest: its work is one activity, begun anew when its worker dies. Spec, result and trades are in Postgres; this function sees
 * to it that the backtest ends as exactly one of completed, cancelled and failed.
 */
export async function backtest(input: BacktestInput): Promise<BacktestOutcome> {
  setCurrentDetails(detailsTable(input, 'running', null));
  const outcome = await outcomeOf(input);
  upsertSearchAttributes([{ key: searchAttributes.status, value: outcome.status }]);
  setCurrentDetails(detailsTable(input, outcome.status, outcome));
  return outcome;
}

async function outcomeOf({ backtestId, title }: BacktestInput): Promise<BacktestOutcome> {
  try {
    return await compute.runBacktest.executeWithOptions({ summary: title }, [{ backtestId }]);
  } catch (error) {
    // A worker that dies over a cancelled run times out instead of answering.
    const end =
      isCancellation(error) || CancellationScope.current().consideredCancelled
        ? { status: 'cancelled' as const, problem: null }
        : { status: 'failed' as const, problem: problemOf(error, MOST_ATTEMPTS) };
    // A cancelled workflow still has to say so in the store.
    return CancellationScope.nonCancellable(() => records.endBacktest({ backtestId, ...end }));
  }
}

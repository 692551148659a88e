import { ActivityFailure, isCancellation, proxyActivities, TimeoutFailure } from '@temporalio/workflow';
import type { AccountJanitorActivities, JanitorActivities } from '../../domain/execution/janitor.ts';
import { venueQueue } from '../../domain/execution/commands.ts';
import type { AccountSweep, JanitorInput, JanitorReport } from './messages.ts';

const WORKER_WITHIN_MS = 30_000;

const records = proxyActivities<JanitorActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3 },
});

/** An account whose worker or venue is away is the next run's: this one must not wait for it. */
function accountActivities(
  venue: string,
  workerWithinMs: number,
): ReturnType<typeof proxyActivities<AccountJanitorActivities>> {
  return proxyActivities<AccountJanitorActivities>({
    taskQueue: venueQueue(venue),
    scheduleToStartTimeout: workerWithinMs,
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '1 second', maximumAttempts: 2 },
  });
}

/**
 * One round through everything that nobody looks after: executions without a workflow are ended, then every account is reconciled with its
 * venue, so that their orders are brought to their end as well.
 */
export async function janitor({ workerWithinMs = WORKER_WITHIN_MS }: JanitorInput = {}): Promise<JanitorReport> {
  const abandoned = await records.closeAbandonedExecutions();
  const venues = await records.listAccounts();
  return { abandoned, accounts: await Promise.all(venues.map((venue) => sweep(venue, workerWithinMs))) };
}

async function sweep(venue: string, workerWithinMs: number): Promise<AccountSweep> {
  try {
    const summary = `reconcile ${venue}`;
    const found = await accountActivities(venue, workerWithinMs).sweepAccount.executeWithOptions({ summary }, []);
    return { venue, outcome: 'reconciled', ...found };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { venue, outcome: 'not-reconciled', reason: reasonOf(error) };
  }
}

function reasonOf({ cause, message }: ActivityFailure): string {
  if (cause instanceof TimeoutFailure) return `no answer in time (${cause.timeoutType})`;
  return cause?.message ?? message;
}

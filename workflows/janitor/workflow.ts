import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { AccountJanitorActivities, JanitorActivities } from '../../domain/execution/janitor.ts';
import { venueQueue } from '../../domain/execution/commands.ts';
import type { AccountSweep, JanitorReport } from './messages.ts';

const records = proxyActivities<JanitorActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '1 second', maximumAttempts: 3 },
});

/** An account whose worker or venue is away is the next run's: this one must not wait for it. */
function accountActivities(venue: string): ReturnType<typeof proxyActivities<AccountJanitorActivities>> {
  return proxyActivities<AccountJanitorActivities>({
    taskQueue: venueQueue(venue),
    scheduleToStartTimeout: '30 seconds',
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '1 second', maximumAttempts: 2 },
  });
}

/**
 * One round through everything that nobody looks after: executions without a workflow are ended, then every account is reconciled with its
 * venue, so that their orders are brought to their end as well.
 */
export async function janitor(): Promise<JanitorReport> {
  const abandoned = await records.closeAbandonedExecutions();
  const venues = await records.listAccounts();
  return { abandoned, accounts: await Promise.all(venues.map(sweep)) };
}

async function sweep(venue: string): Promise<AccountSweep> {
  try {
    const summary = `reconcile ${venue}`;
    const found = await accountActivities(venue).sweepAccount.executeWithOptions({ summary }, []);
    return { venue, outcome: 'reconciled', ...found };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { venue, outcome: 'not-reconciled', reason: error.cause?.message ?? error.message };
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { createAccountJanitorActivities } from '../activities/reconciliation/janitor-activities.ts';
import { createVenueActivities } from '../activities/execution/venue-activities.ts';
import type { Ownership } from '../adapters/ports/venue-ownership.ts';
import { takeOwnership } from '../adapters/storage/venue-ownership.ts';
import type { VenueAccountConfig } from '../adapters/venues/account-config.ts';
import { venueQueue } from '../domain/execution/commands.ts';
import { MOST_WAITING } from '../domain/execution/style.ts';
import { accountLog, type AccountResources, type OpenAccount, openAccount } from './open-account.ts';
import { createWorker } from './run-worker.ts';

/** Orders of sessions that may wait, besides: they are not counted out when they are placed, as one without a place here would not be worked at all. */
const WAITING_OF_SESSIONS = 700;
/** Children that trade at once, closes and the janitor; and, apart from them, all that may wait at the venue. */
const CONCURRENT_CHILDREN = 50 + MOST_WAITING + WAITING_OF_SESSIONS;
/** Each poll of a process that is stopped, not killed, still swallows a task until its heartbeat is missed; two hand over hundreds a second. */
const OPEN_POLLS = 2;
/** Wait after a time as owner that ended with an error. */
const AGAIN_AFTER_MS = 1_000;

/** Where a venue worker serves from. */
export interface Station extends AccountResources {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly databaseUrl: string;
  /** What this process is called as an owner, as host/pid. */
  readonly owner: string;
  readonly stop: AbortSignal;
}

/**
 * Serves one venue account until it is stopped: stands by until this process owns it, opens it, and polls its queue for as long as it
 * stays the owner. When that is over, by a lost connection or another owner, it stands by again.
 *
 * @param settled called once the account is served, or known to be another's
 */
export async function serveAccount(config: VenueAccountConfig, station: Station, settled: () => void): Promise<void> {
  const log = accountLog(config.id);
  const { stop, databaseUrl, owner } = station;
  while (!stop.aborted) {
    const ownership = await takeOwnership({ databaseUrl, venue: config.id, owner, stop, log, standsBy: settled });
    if (ownership === null) return;
    log('owns the account', { owner, epoch: ownership.epoch });
    try {
      await serveWhileOwner(config, station, ownership, settled);
    } catch (error) {
      log('the account could not be served', { reason: (error as Error).message, againInMs: AGAIN_AFTER_MS });
      await delay(AGAIN_AFTER_MS, undefined, { signal: stop }).catch(() => undefined);
    }
    if (ownership.lost.aborted) log('the account is lost', { reason: (ownership.lost.reason as Error).message });
    await ownership.release();
  }
}

async function serveWhileOwner(
  config: VenueAccountConfig,
  station: Station,
  ownership: Ownership,
  settled: () => void,
): Promise<void> {
  const over = AbortSignal.any([station.stop, ownership.lost]);
  const account = await openAccount(config, station, ownership, over);
  if (account === null) return;
  // Nothing is asked of the venue any more by whoever is still at work then: a drain is for those who keep the account.
  ownership.lost.addEventListener('abort', () => void account.close());
  try {
    while (!over.aborted) {
      try {
        await pollQueue(config, station, account, over, settled);
      } catch (error) {
        // The Temporal server may be away: the account stays open and owned meanwhile.
        accountLog(config.id)('the queue of the account cannot be polled', {
          reason: (error as Error).message,
          againInMs: AGAIN_AFTER_MS,
        });
        await delay(AGAIN_AFTER_MS, undefined, { signal: over }).catch(() => undefined);
      }
    }
  } finally {
    await account.close();
  }
}

/** Polls the queue of an account until `over`, and ends once what was at work has ended. */
async function pollQueue(
  config: VenueAccountConfig,
  station: Station,
  account: OpenAccount,
  over: AbortSignal,
  settled: () => void,
): Promise<void> {
  const worker = await createWorker({
    connection: station.connection,
    namespace: station.namespace,
    taskQueue: venueQueue(config.id),
    activities: {
      ...createVenueActivities(account.dependencies),
      ...createAccountJanitorActivities(account.dependencies),
    },
    maxConcurrentActivityTaskExecutions: CONCURRENT_CHILDREN,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: OPEN_POLLS },
  });
  const shutDown = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  over.addEventListener('abort', shutDown, { once: true });
  // Over while it was being made: it drains as soon as it runs.
  if (over.aborted) setImmediate(shutDown);
  try {
    const running = worker.run();
    settled();
    await running;
  } finally {
    over.removeEventListener('abort', shutDown);
  }
}

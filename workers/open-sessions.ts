import { createHash } from 'node:crypto';
import { Client } from '@temporalio/client';
import { type NativeConnection, type Worker } from '@temporalio/worker';
import { createSessionActivities } from '../activities/session/session-activities.ts';
import { openEventFeed } from '../adapters/events/event-feed.ts';
import { createSessionSignals } from '../adapters/events/session-signals.ts';
import { createSessionDecider } from '../adapters/sessions/session-decider.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { createEventLog } from '../adapters/storage/event-log.ts';
import { createExecutionStore } from '../adapters/storage/execution-store.ts';
import { createLastPrices } from '../adapters/storage/last-prices.ts';
import { createMarketWatch } from '../adapters/storage/market-watch.ts';
import { createRunningCandles } from '../adapters/storage/running-candles.ts';
import { createSessionCandles } from '../adapters/storage/session-candles.ts';
import { createSessionStore } from '../adapters/storage/session-store.ts';
import { createVenueDirectory } from '../adapters/storage/venue-directory.ts';
import { createOrderWorkflows } from '../adapters/temporal/order-workflows.ts';
import { SESSIONS_QUEUE } from '../domain/session/commands.ts';
import { computeSettings } from './compute-settings.ts';
import { createWorker } from './run-worker.ts';

/**
 * Sessions that one process runs at once: each takes one place for as long as it waits for a bar. A place costs nothing while nobody has it, so there
 * are far more than a process has the strength for: too many sessions are then all slow, which shows, and none waits unseen for a place.
 */
const CONCURRENT_SESSIONS = 5_000;

export interface SessionResources {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly databaseUrl: string;
  /** Aborts when the worker is told to stop. */
  readonly stopping: AbortSignal;
  readonly log: (message: string) => void;
}

/** The part of the trading worker that runs sessions: activities only, with places and connections of its own. */
export async function openSessions(resources: SessionResources): Promise<{ worker: Worker; close(): Promise<void> }> {
  const { connection, namespace, stopping, log } = resources;
  const database = openDatabase(resources.databaseUrl, 'tradewind sessions');
  const events = openEventFeed(createEventLog(database), (error) =>
    log(`events cannot be read; trying again: ${String(error)}`),
  );
  const signals = createSessionSignals({ market: createMarketWatch(database), events, log });
  const { threads, stuckAfterMs, maxHeapMb } = computeSettings(process.env);
  const decider = createSessionDecider({ threads, stuckAfterMs, maxHeapMb });
  const worker = await createWorker({
    connection,
    namespace,
    taskQueue: SESSIONS_QUEUE,
    activities: createSessionActivities({
      store: createSessionStore(database),
      decider,
      candles: createSessionCandles(database),
      prices: createLastPrices(database),
      running: createRunningCandles(database),
      signals,
      venues: createVenueDirectory(database),
      workflows: createOrderWorkflows(new Client({ connection, namespace })),
      executions: createExecutionStore(database),
      clock: { now: () => Date.now() },
      sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
      stopping,
      log: (message, meta) => log(`${message} ${JSON.stringify(meta)}`),
    }),
    maxConcurrentActivityTaskExecutions: CONCURRENT_SESSIONS,
  });
  return {
    worker,
    close: async () => {
      await signals.close();
      await events.close();
      await decider.close();
      await connection.close();
      await database.end();
    },
  };
}

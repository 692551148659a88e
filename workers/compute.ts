import { createComputeActivities } from '../activities/backtest/backtest-activities.ts';
import { createBacktestRunner } from '../adapters/backtests/backtest-runner.ts';
import { serverAddresses } from '../adapters/config.ts';
import { createBacktestStore } from '../adapters/storage/backtest-store.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { COMPUTE_QUEUE } from '../workflows/backtest/messages.ts';
import { computeSettings } from './compute-settings.ts';
import { connect, createWorker, installRuntime, runWorker } from './run-worker.ts';

const RECORD_EVERY_MS = 1_000;

// The compute worker: backtests in threads. Its own thread only heartbeats, hears cancellations and stores what came of them.
installRuntime('compute');
const { databaseUrl, temporalAddress, temporalNamespace } = serverAddresses(process.env);
const { threads, stuckAfterMs, maxHeapMb } = computeSettings(process.env);
const database = openDatabase(databaseUrl, 'tradewind compute worker');
const runner = createBacktestRunner({ threads, databaseUrl, stuckAfterMs, maxHeapMb });
const connection = await connect(temporalAddress);
const worker = await createWorker({
  connection,
  namespace: temporalNamespace,
  taskQueue: COMPUTE_QUEUE,
  activities: createComputeActivities({
    store: createBacktestStore(database),
    runner,
    recordEveryMs: RECORD_EVERY_MS,
    log: (message, details) => void process.stderr.write(`${message} ${JSON.stringify(details)}\n`),
  }),
  maxConcurrentActivityTaskExecutions: threads,
  // A cancellation comes with the answer to a heartbeat: this is how long it may take.
  maxHeartbeatThrottleInterval: '1 second',
});
await runWorker(worker);
await runner.close();
await connection.close();
await database.end();

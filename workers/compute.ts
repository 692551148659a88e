import { randomUUID } from 'node:crypto';
import { createComputeActivities } from '../activities/backtest/backtest-activities.ts';
import { createOptimizationActivities } from '../activities/optimization/optimization-activities.ts';
import { createBacktestRunner } from '../adapters/backtests/backtest-runner.ts';
import { serverAddresses } from '../adapters/config.ts';
import { createOptimizationRunner } from '../adapters/optimizations/optimization-runner.ts';
import { createBacktestStore } from '../adapters/storage/backtest-store.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { createOptimizationStore } from '../adapters/storage/optimization-store.ts';
import { COMPUTE_QUEUE } from '../workflows/backtest/messages.ts';
import { computeSettings } from './compute-settings.ts';
import { connect, createWorker, installRuntime, runWorker } from './run-worker.ts';

const RECORD_EVERY_MS = 1_000;

// The compute worker: backtests and optimisations in threads. Its own thread only heartbeats, hears cancellations and stores what came of them.
installRuntime('compute');
const { databaseUrl, temporalAddress, temporalNamespace } = serverAddresses(process.env);
const { threads, stuckAfterMs, maxHeapMb, maxColumnMb } = computeSettings(process.env);
const database = openDatabase(databaseUrl, 'tradewind compute worker');
const runner = createBacktestRunner({ threads, databaseUrl, stuckAfterMs, maxHeapMb });
const optimizer = createOptimizationRunner({ threads, databaseUrl, stuckAfterMs, maxHeapMb, maxColumnMb });
const connection = await connect(temporalAddress);
const worker = await createWorker({
  connection,
  namespace: temporalNamespace,
  taskQueue: COMPUTE_QUEUE,
  activities: {
    ...createComputeActivities({
      store: createBacktestStore(database),
      runner,
      recordEveryMs: RECORD_EVERY_MS,
      log: (message, details) => void process.stderr.write(`${message} ${JSON.stringify(details)}\n`),
    }),
    ...createOptimizationActivities({
      store: createOptimizationStore(database),
      runner: optimizer,
      worker: randomUUID(),
      slots: threads,
    }),
  },
  maxConcurrentActivityTaskExecutions: threads,
  // A cancellation comes with the answer to a heartbeat: this is how long it may take.
  maxHeartbeatThrottleInterval: '1 second',
});
await runWorker(worker);
await runner.close();
await optimizer.close();
await connection.close();
await database.end();

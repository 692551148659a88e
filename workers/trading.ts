import { createBacktestRecords } from '../activities/backtest/backtest-activities.ts';
import { createTradingActivities } from '../activities/execution/trading-activities.ts';
import { createOptimizationRecords } from '../activities/optimization/optimization-activities.ts';
import { serverAddresses } from '../adapters/config.ts';
import { createBacktestStore } from '../adapters/storage/backtest-store.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { createExecutionStore } from '../adapters/storage/execution-store.ts';
import { createOptimizationStore } from '../adapters/storage/optimization-store.ts';
import { TRADING_QUEUE } from '../workflows/execution/messages.ts';
import { WORKFLOW_BUNDLE } from './bundle.ts';
import { connect, createWorker, installRuntime, runWorker } from './run-worker.ts';

// The trading worker: all workflows, and the activities that only read and write Postgres.
installRuntime('trading');
const { databaseUrl, temporalAddress, temporalNamespace } = serverAddresses(process.env);
const database = openDatabase(databaseUrl, 'tradewind trading worker');
const connection = await connect(temporalAddress);
const worker = await createWorker({
  connection,
  namespace: temporalNamespace,
  taskQueue: TRADING_QUEUE,
  workflowBundle: { codePath: WORKFLOW_BUNDLE },
  activities: {
    ...createTradingActivities(createExecutionStore(database), { now: () => Date.now() }),
    ...createBacktestRecords(createBacktestStore(database)),
    ...createOptimizationRecords(createOptimizationStore(database)),
  },
  // How long a workflow waits for a worker that was killed before another may take it up.
  stickyQueueScheduleToStartTimeout: '3 seconds',
});
await runWorker(worker);
await connection.close();
await database.end();

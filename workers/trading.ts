import { Client } from '@temporalio/client';
import { createBacktestRecords } from '../activities/backtest/backtest-activities.ts';
import { createTradingActivities } from '../activities/execution/trading-activities.ts';
import { createJanitorActivities } from '../activities/reconciliation/janitor-activities.ts';
import { createOptimizationRecords } from '../activities/optimization/optimization-activities.ts';
import { createSessionRecords } from '../activities/session/session-activities.ts';
import { serverAddresses } from '../adapters/config.ts';
import { createBacktestStore } from '../adapters/storage/backtest-store.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { createExecutionStore } from '../adapters/storage/execution-store.ts';
import { createOpenExecutions } from '../adapters/storage/open-executions.ts';
import { createOptimizationStore } from '../adapters/storage/optimization-store.ts';
import { createSessionStore } from '../adapters/storage/session-store.ts';
import { createVenueDirectory } from '../adapters/storage/venue-directory.ts';
import { createWorkflowDirectory } from '../adapters/temporal/workflow-directory.ts';
import { EXECUTION_WORKFLOW, TRADING_QUEUE } from '../workflows/execution/messages.ts';
import { WORKFLOW_BUNDLE } from './bundle.ts';
import { janitorEveryMs, scheduleJanitor } from './janitor-schedule.ts';
import { openSessions } from './open-sessions.ts';
import { connect, createWorker, installRuntime, runWorker } from './run-worker.ts';

// The trading worker: all workflows, the activities that only read and write Postgres, and sessions.
installRuntime('trading');
const { databaseUrl, temporalAddress, temporalNamespace } = serverAddresses(process.env);
const janitorEvery = janitorEveryMs(process.env);
const database = openDatabase(databaseUrl, 'tradewind trading worker');
const connection = await connect(temporalAddress);
const client = new Client({ connection, namespace: temporalNamespace });
const clock = { now: () => Date.now() };
const executions = createExecutionStore(database);
const venues = createVenueDirectory(database);
const worker = await createWorker({
  connection,
  namespace: temporalNamespace,
  taskQueue: TRADING_QUEUE,
  workflowBundle: { codePath: WORKFLOW_BUNDLE },
  activities: {
    ...createTradingActivities(executions, clock),
    ...createBacktestRecords(createBacktestStore(database)),
    ...createOptimizationRecords(createOptimizationStore(database)),
    ...createSessionRecords(createSessionStore(database)),
    ...createJanitorActivities({
      open: createOpenExecutions(database),
      executions,
      workflows: createWorkflowDirectory(client),
      clock,
      workflowType: EXECUTION_WORKFLOW,
      accounts: async () => (await venues.listVenues()).map(({ profile }) => profile.id),
    }),
  },
  // How long a workflow waits for a worker that was killed before another may take it up.
  stickyQueueScheduleToStartTimeout: '3 seconds',
});
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
process.once('SIGINT', () => stopping.abort());
const sessions = await openSessions({
  connection: await connect(temporalAddress),
  namespace: temporalNamespace,
  databaseUrl,
  stopping: stopping.signal,
  log: (message) => process.stderr.write(`sessions: ${message}\n`),
});
// Beside the worker: while the server is away there is other work to be ready for.
const scheduled = scheduleJanitor(client, janitorEvery, stopping.signal);
await runWorker(worker, sessions.worker);
stopping.abort();
await scheduled;
await sessions.close();
await connection.close();
await database.end();

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createSessionComparer } from '../adapters/comparisons/session-comparer.ts';
import { createBacktestRunner } from '../adapters/backtests/backtest-runner.ts';
import { openEventFeed } from '../adapters/events/event-feed.ts';
import { createOptimizationRunner } from '../adapters/optimizations/optimization-runner.ts';
import { createAccountFactsBoard } from '../adapters/storage/account-facts.ts';
import { createBacktestStore } from '../adapters/storage/backtest-store.ts';
import { createCandleStore } from '../adapters/storage/candle-store.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { createDownloadStore } from '../adapters/storage/download-store.ts';
import { createEventLog } from '../adapters/storage/event-log.ts';
import { createExecutionStore } from '../adapters/storage/execution-store.ts';
import { createHaltStore } from '../adapters/storage/halt-store.ts';
import { foldFigures } from '../adapters/storage/figure-totals.ts';
import { createKeyStore } from '../adapters/storage/key-store.ts';
import { createOpenExecutions } from '../adapters/storage/open-executions.ts';
import { createOptimizationStore } from '../adapters/storage/optimization-store.ts';
import { createOrderList } from '../adapters/storage/order-list.ts';
import { createOrderSettlement } from '../adapters/storage/order-settlement.ts';
import { createFiguresReader } from '../adapters/storage/platform-figures.ts';
import { createReconciliationStore } from '../adapters/storage/reconciliation-store.ts';
import { createSessionAdjustments } from '../adapters/storage/session-adjustments.ts';
import { createSessionReader } from '../adapters/storage/session-reader.ts';
import { createSessionReconciliations } from '../adapters/storage/session-reconciliations.ts';
import { createSessionStore } from '../adapters/storage/session-store.ts';
import { createStreamHealthStore } from '../adapters/storage/stream-health.ts';
import { createVenueDirectory } from '../adapters/storage/venue-directory.ts';
import { createVenueLimitsBoard } from '../adapters/storage/venue-limits.ts';
import { createWeightLeases } from '../adapters/storage/weight-leases.ts';
import { createWorkflowDirectory } from '../adapters/temporal/workflow-directory.ts';
import { readAccountsFile } from '../adapters/venues/account-config.ts';
import { openCandleHorizon } from '../adapters/venues/candle-horizon.ts';
import { ensureAdminKey } from './admin-key.ts';
import { buildApp } from './app.ts';
import { temporalBacktests } from './backtests/temporal-backtests.ts';
import { apiConfig } from './config.ts';
import { temporalDownloads } from './datasets/temporal-downloads.ts';
import { lookAfterOrders } from './executions/look-after.ts';
import { temporalWorkflows } from './executions/temporal-workflows.ts';
import { temporalOptimizations } from './optimizations/temporal-optimizations.ts';
import { serveApiPage } from './openapi-page.ts';
import { repeat } from './repeat.ts';
import { serverProbe } from './server-probe.ts';
import { lookAfterSessions } from './sessions/look-after.ts';
import { sessionStarter } from './sessions/start.ts';
import { temporalSessions } from './sessions/temporal-sessions.ts';
import { startSweep, starterOf } from './start-sweep.ts';

const SWEEP_EVERY_MS = 3_000;
/** What runs is looked after less often: it costs a list of all that runs at the Temporal server. */
const LOOK_AFTER_EVERY_MS = 60_000;
const PRUNE_EVERY_MS = 3_600_000;
/** Steps of so long are added up whenever the figures are read. */
const FOLD_EVERY_MS = 10_000;
const QUOTE_TIMEOUT_MS = 2_000;
const DRAIN_MS = 3_000;
/** Before a backtest is accepted its strategy is loaded and prepared, which takes no time unless it hangs. */
const CHECK_STUCK_AFTER_MS = 10_000;
const CHECK_HEAP_MB = 1_024;
/** One that hangs must not keep others waiting. */
const CHECK_THREADS = 2;
/** A check computes no line. */
const CHECK_COLUMN_MB = 1;

// The API: a client of Postgres, Temporal and the public side of the venues. It sends no order.
const config = apiConfig(process.env);
const clock = { now: () => Date.now() };
const accounts = await readAccountsFile(config.accountsFile);
const database = openDatabase(config.databaseUrl, 'tradewind api');
// Data sets come by the million of rows: they have connections of their own, so that orders never wait behind them.
const bulkDatabase = openDatabase(config.databaseUrl, 'tradewind api data sets');
const keys = createKeyStore(database);
const say = (what: string) => (error: unknown) =>
  process.stderr.write(`${what}: ${error instanceof Error ? error.message : String(error)}\n`);
const stopStoringKey = await ensureAdminKey(
  config.adminKeyFile,
  keys,
  say('the admin key cannot be stored; trying again'),
);
// Lazy: the API answers, and says what is missing, while the Temporal server is away.
const connection = Connection.lazy({ address: config.temporalAddress });
const client = new Client({ connection, namespace: config.temporalNamespace });
const markets = new Map(
  accounts.map((account) => [
    account.id,
    openCandleHorizon(account, {
      clock,
      requestTimeoutMs: QUOTE_TIMEOUT_MS,
      weights: { shared: createWeightLeases(database, account), role: 'reader' },
    }),
  ]),
);
// The first price must come within the bound of a start: markets and clock are read ahead. A failure is told by that start.
for (const market of markets.values())
  void market
    .instruments()
    .then(() => market.measureClock())
    .catch(() => undefined);
const executions = createExecutionStore(database);
const workflows = temporalWorkflows(client);
const downloads = createDownloadStore(database);
const downloadWorkflows = temporalDownloads(client);
const backtests = createBacktestStore(database);
const backtestWorkflows = temporalBacktests(client);
const backtestChecker = createBacktestRunner({
  threads: CHECK_THREADS,
  databaseUrl: config.databaseUrl,
  stuckAfterMs: CHECK_STUCK_AFTER_MS,
  maxHeapMb: CHECK_HEAP_MB,
});
// Of its own, since it computes for many seconds: acceptances do not wait behind it.
const strategyChecker = createBacktestRunner({
  threads: 1,
  databaseUrl: config.databaseUrl,
  stuckAfterMs: CHECK_STUCK_AFTER_MS,
  maxHeapMb: CHECK_HEAP_MB,
});
const sessions = createSessionStore(database);
const sessionWorkflows = temporalSessions(client);
const sessionComparer = createSessionComparer({
  databaseUrl: config.databaseUrl,
  maxHeapMb: CHECK_HEAP_MB,
});
const optimizations = createOptimizationStore(database);
const optimizationWorkflows = temporalOptimizations(client);
// Wide searches, whose planning takes seconds, have a further thread of their own.
const optimizationChecker = createOptimizationRunner({
  threads: CHECK_THREADS,
  databaseUrl: config.databaseUrl,
  stuckAfterMs: CHECK_STUCK_AFTER_MS,
  maxHeapMb: CHECK_HEAP_MB,
  maxColumnMb: CHECK_COLUMN_MB,
});

const eventLog = createEventLog(database);
const events = openEventFeed(eventLog, say('events cannot be read; trying again'));
// Any number of processes may do both at once.
const stopPruning = repeat(
  () => eventLog.prune(config.eventsKeptMs),
  PRUNE_EVERY_MS,
  say('old events cannot be forgotten; trying again'),
);
const stopFolding = repeat(
  () => foldFigures(database),
  FOLD_EVERY_MS,
  say('the figures of metrics cannot be added up; trying again'),
);
const registry = new Registry();
collectDefaultMetrics({ register: registry });

const app = await buildApp(
  {
    executions,
    halts: createHaltStore(database),
    reconciliations: createReconciliationStore(database),
    limits: createVenueLimitsBoard(database),
    venues: createVenueDirectory(database),
    streams: createStreamHealthStore(database),
    keys,
    orders: createOrderList(database),
    settlement: createOrderSettlement(database),
    events,
    figures: createFiguresReader(database),
    settings: config.settings,
    workflows,
    datasets: createCandleStore(bulkDatabase),
    downloads,
    downloadWorkflows,
    backtests,
    backtestWorkflows,
    backtestChecker,
    strategyChecker,
    optimizations,
    optimizationWorkflows,
    optimizationChecker,
    sessions,
    sessionReader: createSessionReader(database),
    sessionAdjustments: createSessionAdjustments(database),
    sessionReconciliations: createSessionReconciliations(database),
    sessionWorkflows,
    sessionComparer,
    strategyInspector: backtestChecker,
    accountFacts: createAccountFactsBoard(database),
    market: (venue) => markets.get(venue),
    probe: serverProbe(database, connection, client, config.temporalNamespace),
    clock,
    newId: randomUUID,
  },
  { level: 'info', stream: process.stderr },
  registry,
);
await serveApiPage(app);
const url = await app.listen({ host: config.host, port: config.port });
const stopSweep = startSweep(starterOf(executions, workflows), SWEEP_EVERY_MS, (error) =>
  app.log.warn({ err: error }, 'accepted executions could not be started; trying again'),
);
const stopDownloadSweep = startSweep(starterOf(downloads, downloadWorkflows), SWEEP_EVERY_MS, (error) =>
  app.log.warn({ err: error }, 'accepted downloads could not be started; trying again'),
);
const stopBacktestSweep = startSweep(starterOf(backtests, backtestWorkflows), SWEEP_EVERY_MS, (error) =>
  app.log.warn({ err: error }, 'accepted backtests could not be started; trying again'),
);
const stopOptimizationSweep = startSweep(starterOf(optimizations, optimizationWorkflows), SWEEP_EVERY_MS, (error) =>
  app.log.warn({ err: error }, 'accepted optimizations could not be started; trying again'),
);
const stopSessionSweep = startSweep(sessionStarter({ sessions, sessionWorkflows }), SWEEP_EVERY_MS, (error) =>
  app.log.warn({ err: error }, 'accepted sessions could not be started; trying again'),
);
const lookedAfter = { workflowDirectory: createWorkflowDirectory(client), clock, log: app.log };
const stopLookingAfterSessions = repeat(
  () => lookAfterSessions({ ...lookedAfter, sessions, sessionWorkflows }),
  LOOK_AFTER_EVERY_MS,
  (error) => app.log.warn({ err: error }, 'it cannot be seen whether all sessions run; trying again'),
);
const stopLookingAfterOrders = repeat(
  () => lookAfterOrders({ ...lookedAfter, openExecutions: createOpenExecutions(database), executions, workflows }),
  LOOK_AFTER_EVERY_MS,
  (error) => app.log.warn({ err: error }, 'it cannot be seen whether all executions run; trying again'),
);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // A client that never reads its answer must not keep the process alive.
  setTimeout(() => app.server.closeAllConnections(), DRAIN_MS).unref();
  await app.close();
  await stopPruning();
  await stopFolding();
  await events.close();
  await stopStoringKey();
  await stopSweep();
  await stopDownloadSweep();
  await stopBacktestSweep();
  await stopOptimizationSweep();
  await stopSessionSweep();
  await stopLookingAfterSessions();
  await stopLookingAfterOrders();
  await backtestChecker.close();
  await strategyChecker.close();
  await optimizationChecker.close();
  await sessionComparer.close();
  await Promise.all([...markets.values()].map((market) => market.close()));
  await connection.close();
  await bulkDatabase.end();
  await database.end();
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
process.stdout.write(`tradewind:ready ${JSON.stringify({ url })}\n`);

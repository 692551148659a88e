import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sleep } from '@temporalio/activity';
import type { Worker } from '@temporalio/worker';
import type { AccountDependencies, RiskSettings } from '../activities/execution/dependencies.ts';
import { reconcileAccount } from '../activities/execution/reconcile-account.ts';
import { createVenueActivities } from '../activities/execution/venue-activities.ts';
import { optional, required, serverAddresses } from '../adapters/config.ts';
import { credentialSource } from '../adapters/credentials/credentials.ts';
import type { Clock } from '../adapters/ports/clock.ts';
import { type Database, openDatabase } from '../adapters/storage/database.ts';
import { createExecutionStore } from '../adapters/storage/execution-store.ts';
import { createOrderLedger } from '../adapters/storage/order-ledger.ts';
import { createVenueDirectory } from '../adapters/storage/venue-directory.ts';
import { readAccountsFile, type VenueAccountConfig } from '../adapters/venues/account-config.ts';
import { openVenueAccount } from '../adapters/venues/venue-account.ts';
import { venueQueue } from '../domain/execution/commands.ts';
import { keepWatch } from './account-watch.ts';
import { loadInstruments } from './instrument-list.ts';
import { riskSettings } from './risk-settings.ts';
import { connect, createWorker, installRuntime, runWorkers } from './run-worker.ts';

const RECENT_MS = 24 * 60 * 60 * 1000;
const CONCURRENT_CHILDREN = 50;

const clock: Clock = { now: () => Date.now() };

function log(account: string): AccountDependencies['log'] {
  return (message, details) => process.stderr.write(`${account}: ${message} ${JSON.stringify(details)}\n`);
}

// The venue worker: one queue for each venue account, and everything that talks to that account.
installRuntime('venue');
const { databaseUrl, temporalAddress, temporalNamespace } = serverAddresses(process.env);
const accounts = await readAccountsFile(required(process.env, 'TRADEWIND_ACCOUNTS', 'the path of the venue accounts file'));
const credentials = credentialSource(optional(process.env, 'TRADEWIND_HOME', '.tradewind'), process.env);
const database = openDatabase(databaseUrl, 'tradewind venue worker');
const connection = await connect(temporalAddress);
const risk = riskSettings(process.env);

const opened = await Promise.all(accounts.map((config) => openAccount(config, database, risk)));
const workers: Worker[] = await Promise.all(
  opened.map(({ config, deps }) =>
    createWorker({
      connection,
      namespace: temporalNamespace,
      taskQueue: venueQueue(config.id),
      activities: createVenueActivities(deps),
      maxConcurrentActivityTaskExecutions: CONCURRENT_CHILDREN,
    }),
  ),
);
await runWorkers(workers, { accounts: accounts.map(({ id }) => id) });
await Promise.all(opened.map(({ close }) => close()));
await connection.close();
await database.end();

/** Opens one account: instruments and clock first, then reconciliation, and only then may orders come. */
async function openAccount(config: VenueAccountConfig, pool: Database, settings: RiskSettings) {
  const say = log(config.id);
  const account = await openVenueAccount(config, { clock, credentials });
  const directory = createVenueDirectory(pool);
  const ledger = createOrderLedger(pool);
  const instruments = loadInstruments(account, directory, config);
  await untilDone(say, 'the venue cannot be reached', async () => {
    await account.measureClock();
    await instruments.refresh();
  });
  const deps: AccountDependencies = {
    account,
    ledger,
    store: createExecutionStore(pool),
    clock,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    risk: settings,
    instrumentOf: instruments.instrumentOf,
    wait: (ms) => sleep(ms),
    log: say,
  };
  const beforeWorker: AccountDependencies = { ...deps, wait: (ms) => delay(ms) };
  await untilDone(say, 'the account cannot be reconciled', async () => {
    const found = await reconcileAccount(beforeWorker, await ledger.recentSymbols(config.id, RECENT_MS));
    say('reconciled', { ...found });
  });
  const watch = keepWatch(account, directory, instruments.refresh, say);
  return {
    config,
    deps,
    close: async () => {
      watch.stop();
      await account.close();
    },
  };
}

/** Tries until it works: a venue worker that cannot reach its venue has nothing better to do than to try again. */
async function untilDone(say: AccountDependencies['log'], problem: string, work: () => Promise<void>): Promise<void> {
  for (let pause = 250; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      await work();
      return;
    } catch (error) {
      say(problem, { reason: (error as Error).message, againInMs: pause });
      await delay(pause);
    }
  }
}

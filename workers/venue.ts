import { setTimeout as delay } from 'node:timers/promises';
import { createVenueActivities } from '../activities/execution/venue-activities.ts';
import { optional, required, serverAddresses } from '../adapters/config.ts';
import { credentialSource } from '../adapters/credentials/credentials.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { readAccountsFile } from '../adapters/venues/account-config.ts';
import { venueQueue } from '../domain/execution/commands.ts';
import { type AccountResources, openAccount } from './open-account.ts';
import { riskSettings } from './risk-settings.ts';
import { announceReady, connect, createWorker, installRuntime } from './run-worker.ts';

const CONCURRENT_CHILDREN = 50;
/** How long the start waits for venues that do not answer before it goes on without them. */
const PATIENCE_MS = 15_000;

// The venue worker: one queue for each venue account, and everything that talks to that account.
installRuntime('venue');
const { databaseUrl, temporalAddress, temporalNamespace } = serverAddresses(process.env);
const accounts = await readAccountsFile(
  required(process.env, 'TRADEWIND_ACCOUNTS', 'the path of the venue accounts file'),
);
const resources: AccountResources = {
  database: openDatabase(databaseUrl, 'tradewind venue worker'),
  credentials: credentialSource(optional(process.env, 'TRADEWIND_HOME', '.tradewind'), process.env),
  risk: riskSettings(process.env),
};
const connection = await connect(temporalAddress);
const stopped = new AbortController();
const stop = (): void => stopped.abort();
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

// Each account serves as soon as it is open: a venue that is away keeps no other from trading.
const opened = accounts.map((config) => openAccount(config, resources, stopped.signal));
const served = opened.map(async (opening, index) => {
  const account = await opening;
  if (account === null) return;
  const worker = await createWorker({
    connection,
    namespace: temporalNamespace,
    taskQueue: venueQueue(accounts[index]!.id),
    activities: createVenueActivities(account.dependencies),
    maxConcurrentActivityTaskExecutions: CONCURRENT_CHILDREN,
  });
  const shutDown = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  stopped.signal.addEventListener('abort', shutDown);
  // Told to stop while it was being made: it drains as soon as it runs.
  if (stopped.signal.aborted) setImmediate(shutDown);
  await worker.run();
  await account.close();
});
await Promise.race([Promise.all(opened), delay(PATIENCE_MS, undefined, { ref: false })]);
announceReady({ accounts: accounts.map(({ id }) => id) });
await Promise.all(served);
await connection.close();
await resources.database.end();

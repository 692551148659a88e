import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { optional, required, serverAddresses } from '../adapters/config.ts';
import { credentialSource } from '../adapters/credentials/credentials.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { SILENCE_MS } from '../adapters/storage/venue-ownership.ts';
import { readAccountsFile } from '../adapters/venues/account-config.ts';
import { riskSettings } from './risk-settings.ts';
import { announceReady, connect, installRuntime } from './run-worker.ts';
import { serveAccount, type Station } from './serve-account.ts';

/** How long the start waits for venues that do not answer before it goes on without them. */
const PATIENCE_MS = 15_000;

// The venue worker: one queue for each venue account that it owns, and everything that talks to that account.
installRuntime('venue');
const { databaseUrl, temporalAddress, temporalNamespace } = serverAddresses(process.env);
const accounts = await readAccountsFile(
  required(process.env, 'TRADEWIND_ACCOUNTS', 'the path of the venue accounts file'),
);
const stopped = new AbortController();
const stop = (): void => stopped.abort();
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
const connection = await connect(temporalAddress);
// A transaction that a stopped process left open must not hold up the next owner for longer than the account itself.
const database = openDatabase(databaseUrl, 'tradewind venue worker', { idleInTransactionMs: SILENCE_MS });
const station: Station = {
  database,
  databaseUrl,
  credentials: credentialSource(optional(process.env, 'TRADEWIND_HOME', '.tradewind'), process.env),
  risk: riskSettings(process.env),
  connection,
  namespace: temporalNamespace,
  owner: `${hostname()}/${process.pid}`,
  stop: stopped.signal,
};

// Each account serves as soon as it is open: a venue that is away keeps no other from trading.
const settled: Promise<void>[] = [];
const served: Promise<void>[] = [];
for (const config of accounts) {
  settled.push(new Promise((resolve) => served.push(serveAccount(config, station, resolve))));
}
await Promise.race([Promise.all(settled), delay(PATIENCE_MS, undefined, { ref: false })]);
announceReady({ accounts: accounts.map(({ id }) => id) });
await Promise.all(served);
await connection.close();
await database.end();

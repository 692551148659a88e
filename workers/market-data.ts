import { createMarketDataActivities } from '../activities/market-data/market-data-activities.ts';
import { createStreamActivities } from '../activities/market-data/stream-activities.ts';
import { sha256 } from '../adapters/candles/sha256.ts';
import { optional, required, serverAddresses } from '../adapters/config.ts';
import { credentialSource } from '../adapters/credentials/credentials.ts';
import type { CandleSource } from '../adapters/ports/candle-source.ts';
import { openDatabase } from '../adapters/storage/database.ts';
import { createDownloadStore } from '../adapters/storage/download-store.ts';
import { createWeightLeases } from '../adapters/storage/weight-leases.ts';
import { readAccountsFile } from '../adapters/venues/account-config.ts';
import { watchSettings } from '../adapters/streams/watch-settings.ts';
import { openCandleSource } from '../adapters/venues/candle-source.ts';
import { openStreams } from './open-streams.ts';
import { MARKET_DATA_QUEUE } from '../workflows/download/messages.ts';
import { connect, createWorker, installRuntime, runWorker } from './run-worker.ts';
import { startStreams } from './start-streams.ts';

/** Downloads at once; those of one venue share its request budget. */
const CONCURRENT_DOWNLOADS = 8;

// The market-data worker: everything that reads history from the public side of the venues, and the streams of their accounts.
installRuntime('market-data');
const { databaseUrl, temporalAddress, temporalNamespace } = serverAddresses(process.env);
const accounts = await readAccountsFile(
  required(process.env, 'TRADEWIND_ACCOUNTS', 'the path of the venue accounts file'),
);
const clock = { now: () => Date.now() };
const logger = { warn: (message: string) => void process.stderr.write(`${message}\n`) };
const database = openDatabase(databaseUrl, 'tradewind market-data worker');
const sources: ReadonlyMap<string, CandleSource> = new Map(
  accounts.map((account) => {
    const weights = { shared: createWeightLeases(database, account), role: 'reader' } as const;
    return [account.id, openCandleSource(account, { clock, logger, weights })];
  }),
);
const connection = await connect(temporalAddress);
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
process.once('SIGINT', () => stopping.abort());
const streams = openStreams(accounts, {
  database,
  candleSource: (venue) => sources.get(venue),
  credentials: credentialSource(optional(process.env, 'TRADEWIND_HOME', '.tradewind'), process.env),
  watched: watchSettings(process.env),
  log: logger.warn,
});
const worker = await createWorker({
  connection,
  namespace: temporalNamespace,
  taskQueue: MARKET_DATA_QUEUE,
  activities: {
    ...createMarketDataActivities({
      downloads: createDownloadStore(database),
      source: (venue) => sources.get(venue),
      sha256,
      stopping: stopping.signal,
    }),
    ...createStreamActivities({ streams: (venue) => streams.get(venue), stopping: stopping.signal }),
  },
  // The streams of an account take one place for as long as the platform runs.
  maxConcurrentActivityTaskExecutions: CONCURRENT_DOWNLOADS + accounts.length,
});
const started = startStreams(
  { address: temporalAddress, namespace: temporalNamespace },
  accounts.map(({ id }) => id),
  stopping.signal,
);
await runWorker(worker);
stopping.abort();
await started;
await Promise.all([...sources.values()].map((source) => source.close()));
await connection.close();
await database.end();

import type { CredentialSource } from '../adapters/credentials/credentials.ts';
import type { CandleSource } from '../adapters/ports/candle-source.ts';
import type { VenueStreams } from '../adapters/ports/venue-streams.ts';
import { createClosedCandleStore } from '../adapters/storage/closed-candles.ts';
import type { Database } from '../adapters/storage/database.ts';
import { createFillIntake } from '../adapters/storage/fill-intake.ts';
import { createLastPrices } from '../adapters/storage/last-prices.ts';
import { createLiveTape } from '../adapters/storage/live-tape.ts';
import { createOrderedSymbols } from '../adapters/storage/ordered-symbols.ts';
import { createRunningCandles } from '../adapters/storage/running-candles.ts';
import { createStreamHealthStore } from '../adapters/storage/stream-health.ts';
import { type ConfiguredWatch, createWatchList } from '../adapters/storage/watch-list.ts';
import { createWeightLeases } from '../adapters/storage/weight-leases.ts';
import { openStreamVenue } from '../adapters/streams/stream-venue.ts';
import { createVenueStreams } from '../adapters/streams/venue-streams.ts';
import type { VenueAccountConfig } from '../adapters/venues/account-config.ts';

/** Every watched symbol has candles of these. */
const STANDARD_TIMEFRAMES = ['1m'];

export interface StreamResources {
  readonly database: Database;
  readonly candleSource: (venue: string) => CandleSource | undefined;
  readonly credentials: CredentialSource;
  readonly watched: readonly ConfiguredWatch[];
  readonly log: (message: string) => void;
}

/** The streams of each account; nothing is opened before they are run. */
export function openStreams(
  accounts: readonly VenueAccountConfig[],
  resources: StreamResources,
): ReadonlyMap<string, VenueStreams> {
  const { database, credentials } = resources;
  const clock = { now: () => Date.now() };
  const watchList = createWatchList(database, {
    configured: resources.watched,
    standard: STANDARD_TIMEFRAMES,
    timeframesOf: (venue) => resources.candleSource(venue)?.candleTimeframes() ?? [],
  });
  return new Map(
    accounts.flatMap((account) => {
      const candleSource = resources.candleSource(account.id);
      if (candleSource === undefined) return [];
      const log = (message: string): void => resources.log(`${account.id}: ${message}`);
      const streams = createVenueStreams({
        openVenue: () => {
          const weights = { shared: createWeightLeases(database, account), role: 'reader' } as const;
          return openStreamVenue(account, { clock, credentials, logger: { warn: log }, weights });
        },
        candleSource,
        marketTime: account.marketTime ?? 'wall',
        watchList,
        health: createStreamHealthStore(database),
        tapes: createLiveTape(database),
        candles: createClosedCandleStore(database),
        running: createRunningCandles(database),
        prices: createLastPrices(database),
        intake: createFillIntake(database),
        orderedSymbols: createOrderedSymbols(database),
        clock,
        log,
      });
      return [[account.id, streams] as const];
    }),
  );
}

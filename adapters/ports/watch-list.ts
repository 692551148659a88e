import type { Timeframe } from '../../domain/market/timeframe.ts';

/** A symbol whose public streams shall be kept. */
export interface WatchedSymbol {
  readonly symbol: string;
  readonly timeframes: readonly Timeframe[];
}

/** What the market-data worker watches: it asks every few seconds. */
export interface WatchList {
  watched(venue: string): Promise<readonly WatchedSymbol[]>;
}

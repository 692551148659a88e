import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';

/** Candles of a symbol that shall be kept. */
export interface WatchedCandles {
  /** One that the venue has. */
  readonly timeframe: Timeframe;
  /** Opening time from which on none may be missing, nor be forgotten; `null` when only the newest are wanted. */
  readonly since: EpochMs | null;
}

/** A symbol whose public streams shall be kept. */
export interface WatchedSymbol {
  readonly symbol: string;
  readonly candles: readonly WatchedCandles[];
}

/** What the market-data worker watches: it asks every few seconds. */
export interface WatchList {
  watched(venue: string): Promise<readonly WatchedSymbol[]>;
}

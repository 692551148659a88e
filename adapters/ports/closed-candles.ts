import type { Candles } from '../../domain/market/candles.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';

export interface CandleStream {
  readonly venue: string;
  readonly symbol: string;
  readonly timeframe: Timeframe;
}

/** Closed candles of a watched symbol. Neither the open candle nor one that was built from half its prints is ever among them. */
export interface ClosedCandles {
  /**
   * All candles that opened at or after `since` and have closed, oldest first, none missing in between; `null` while the stream has not
   * covered the time since then, so that the venue's history must be asked.
   */
  list(stream: CandleStream, since: EpochMs): Promise<Candles | null>;
  /** Like `list`, but waits until there is at least one; an empty list when the time is over or `signal` aborts. */
  next(stream: CandleStream, since: EpochMs, withinMs: DurationMs, signal?: AbortSignal): Promise<Candles | null>;
}

/** The stretch of time whose closed candles are all stored: opening times. */
export interface CandleCoverage {
  readonly from: EpochMs;
  /** Opening time of the newest stored candle, or of the last that is known not to exist. */
  readonly last: EpochMs;
  /** The venue has no candle that opened earlier; `null` while that is not known. */
  readonly unavailableBefore: EpochMs | null;
}

/** Closed candles of one stream, and what is covered once they are stored. */
export interface ClosedPiece {
  readonly stream: CandleStream;
  readonly candles: Candles;
  readonly coverage: CandleCoverage;
}

/** Where closed candles are kept. Writers pass the number of their session and get `StreamsSuperseded` once it is over. */
export interface ClosedCandleStore extends ClosedCandles {
  coverage(stream: CandleStream): Promise<CandleCoverage | null>;
  /** Adds candles of streams of one venue and moves their coverage, in one transaction. A candle that is stored already stays as it is. */
  save(venue: string, session: number, pieces: readonly ClosedPiece[]): Promise<void>;
  /** Forgets candles that opened before that instant. */
  prune(stream: CandleStream, before: EpochMs): Promise<void>;
}

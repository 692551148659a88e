import type { Candles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';

/** One page of a venue's candles. */
export interface CandlePage {
  /** Closed bars only, oldest first, none before the start that was asked for. */
  readonly candles: Candles;
  /** Where the next page begins. It lies behind the start that was asked for, also when this page is empty. */
  readonly next: EpochMs;
}

/** The candles of one venue. Throws `VenueReadError` when the venue gives no usable answer. */
export interface CandleSource {
  readonly venueId: string;
  /**
   * The page of bars that open in `[from, to)`, as many as the venue gives at once.
   * @throws {VenueReadError} with the code `NO_SUCH_MARKET` or `NO_SUCH_TIMEFRAME`, or `STILL_OPEN` when the bar at `from` has not closed
   */
  page(symbol: string, timeframe: Timeframe, from: EpochMs, to: EpochMs): Promise<CandlePage>;
  /** Timeframes that the venue has candles of, by its own names. */
  candleTimeframes(): readonly string[];
  /** Opening time of the newest candle, which is open; `null` while there is none. */
  newest(symbol: string, timeframe: Timeframe): Promise<EpochMs | null>;
  close(): Promise<void>;
}

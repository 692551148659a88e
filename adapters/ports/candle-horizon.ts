import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';

/** How far the candles of one venue reach. Throws `VenueReadError` when the venue gives no usable answer. */
export interface CandleHorizon {
  /** Opening time of the candle that has begun last; `null` when there is none. */
  newestBegun(symbol: string, timeframe: Timeframe): Promise<EpochMs | null>;
  /** Opening time of the first candle that opened at or after `since`; `null` when there is none. */
  firstSince(symbol: string, timeframe: Timeframe, since: EpochMs): Promise<EpochMs | null>;
}

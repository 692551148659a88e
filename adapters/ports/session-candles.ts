import type { Problem } from '../../domain/execution/commands.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { CandleStream } from './closed-candles.ts';

/** How far closed candles of a stream reach back. */
export type CandleReach =
  /** All since then are stored. */
  | { readonly kind: 'complete' }
  /** The market-data worker is still reading them, or has not begun; `from` is the first it has by now. */
  | { readonly kind: 'filling'; readonly from: EpochMs | null }
  /** They cannot be had. `earliest`: the first opening time from which they can; `null` when the timeframe itself cannot be had. */
  | { readonly kind: 'unavailable'; readonly earliest: EpochMs | null; readonly problem: Problem };

/**
 * Closed candles of any timeframe of symbols that a session trades. One that the venue lacks is built from its largest that divides it, and
 * only from complete parts. What is known once stays the same for ever, in every process.
 */
export interface SessionCandles {
  /**
   * All candles that opened at or after `since` and have closed, oldest first, none missing in between; `null` while the time since then is not
   * covered: see `reach`. The columns are shared between callers: they are read, never written.
   */
  list(stream: CandleStream, since: EpochMs): Promise<Candles | null>;
  /** Opening time of the newest closed candle; `null` before the first. */
  last(stream: CandleStream): Promise<EpochMs | null>;
  /** Why `list` gives `null`, or that it does not. */
  reach(stream: CandleStream, since: EpochMs): Promise<CandleReach>;
}

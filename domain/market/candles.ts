import type { EpochMs } from './decimal.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

/** The five numbers of a bar, by the names that indicators and strategies use. */
export type PriceName = 'open' | 'high' | 'low' | 'close' | 'volume';

/**
 * Bars of one symbol in rising time, one column for each field, all of the same length. A bar is known once it has closed:
 * `time[i]` is its open, its close is `closeTime(candles, i)`. Columns may lie in shared memory.
 */
export interface Candles {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly length: number;
  /** Open time of each bar, in milliseconds since 1970 UTC. */
  readonly time: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** When bar `i` is complete. */
export function closeTime(candles: Candles, i: number): EpochMs {
  return candles.time[i]! + timeframeMs(candles.timeframe);
}

/** Bars `from` (included) to `to` (not included) as views on the same memory. */
export function sliceCandles(candles: Candles, from: number, to: number): Candles {
  return {
    symbol: candles.symbol,
    timeframe: candles.timeframe,
    length: Math.max(0, to - from),
    time: candles.time.subarray(from, to),
    open: candles.open.subarray(from, to),
    high: candles.high.subarray(from, to),
    low: candles.low.subarray(from, to),
    close: candles.close.subarray(from, to),
    volume: candles.volume.subarray(from, to),
  };
}

/** Room for `length` bars, in shared memory when threads shall read them. */
export function allocateCandles(symbol: string, timeframe: Timeframe, length: number, shared = false): Candles {
  const column = (): Float64Array =>
    shared ? new Float64Array(new SharedArrayBuffer(length * 8)) : new Float64Array(length);
  return {
    symbol,
    timeframe,
    length,
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
}

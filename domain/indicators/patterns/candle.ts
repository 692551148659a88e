/** Candles as columns, so that nothing is copied or boxed. */
export interface CandleColumns {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

// Parts of candle `i`, in units of price.

export function realBody(bars: CandleColumns, i: number): number {
  return Math.abs(bars.close[i]! - bars.open[i]!);
}

/** White is a candle that closes at its open or above. */
export function isWhite(bars: CandleColumns, i: number): boolean {
  return bars.close[i]! >= bars.open[i]!;
}

export function bodyTop(bars: CandleColumns, i: number): number {
  return isWhite(bars, i) ? bars.close[i]! : bars.open[i]!;
}

export function bodyBottom(bars: CandleColumns, i: number): number {
  return isWhite(bars, i) ? bars.open[i]! : bars.close[i]!;
}

export function upperShadow(bars: CandleColumns, i: number): number {
  return bars.high[i]! - bodyTop(bars, i);
}

export function lowerShadow(bars: CandleColumns, i: number): number {
  return bodyBottom(bars, i) - bars.low[i]!;
}

// TA-Lib's standard settings: what candles are compared with, as a share of the average body or range of so many candles before.

/** A long body is longer, a short one shorter than the average body. */
export const BODY_BARS = 10;
export const RANGE_BARS = 10;
/** Body of a doji at most, by the average range of `RANGE_BARS`. */
export const DOJI_SHARE = 0.1;
/** A very short shadow is below this share of the average range of `RANGE_BARS`. */
export const VERY_SHORT_SHARE = 0.1;
export const NEAR_BARS = 5;
/** Near is within this share of the average range of `NEAR_BARS`. */
export const NEAR_SHARE = 0.2;

/**
 * Average body or range of the candles before one, asked for one candle after the other. Its sum takes the difference of newest and
 * oldest, as TA-Lib's does, so that even a candle that equals the average is judged alike.
 */
export class AverageBefore {
  readonly #ofBodies: boolean;
  readonly #period: number;
  #started = false;
  #sum = 0;

  constructor(of: 'bodies' | 'ranges', period: number) {
    this.#ofBodies = of === 'bodies';
    this.#period = period;
  }

  /** The average of the `period` candles before candle `i`: the first asked for, or the one after the last. */
  at(bars: CandleColumns, i: number): number {
    const from = this.#ofBodies ? bars.open : bars.low;
    const to = this.#ofBodies ? bars.close : bars.high;
    const newest = i - 1;
    const oldest = newest - this.#period;
    if (this.#started) {
      this.#sum += Math.abs(to[newest]! - from[newest]!) - Math.abs(to[oldest]! - from[oldest]!);
    } else {
      for (let k = oldest + 1; k < i; k++) this.#sum += Math.abs(to[k]! - from[k]!);
      this.#started = true;
    }
    return this.#sum / this.#period;
  }
}

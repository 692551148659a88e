import { trueRange } from '../volatility/true-range.ts';

/** What counts as nothing in TA-Lib's divisions by a range. */
const NOTHING = 1e-14;

/**
 * Wilder's directional movement fed bar by bar: by how much the high rises above the last one (plus) or the low falls below it
 * (minus), whichever is more, and the true range, each summed over `period - 1` bars and from then on smoothed as
 * `sum - sum / period + newest`.
 *
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978), section IV
 */
export class DirectionalMovement {
  readonly #period: number;
  #bars = 0;
  #high = Number.NaN;
  #low = Number.NaN;
  #close = Number.NaN;
  #plus = 0;
  #minus = 0;
  #range = 0;

  /** @param period bars of the sums, >= 1. */
  constructor(period: number) {
    this.#period = period;
  }

  /** Takes the next bar. True once `period` bars came after the first, and the sums count. */
  next(high: number, low: number, close: number): boolean {
    const period = this.#period;
    if (this.#bars > 0) {
      const rise = high - this.#high;
      const fall = this.#low - low;
      const range = trueRange(high, low, this.#close);
      let plus = this.#plus;
      let minus = this.#minus;
      if (this.#bars >= period) {
        plus -= plus / period;
        minus -= minus / period;
        this.#range = this.#range - this.#range / period + range;
      } else {
        this.#range += range;
      }
      if (fall > 0 && rise < fall) minus += fall;
      else if (rise > 0 && rise > fall) plus += rise;
      this.#plus = plus;
      this.#minus = minus;
    }
    this.#high = high;
    this.#low = low;
    this.#close = close;
    if (this.#bars > period) return true;
    return ++this.#bars > period;
  }

  /** +DI, in percent of the true range: 0 to 100; 0 without range. */
  plusIndicator(): number {
    return this.#range < NOTHING ? 0 : 100 * (this.#plus / this.#range);
  }

  /** -DI, in percent of the true range: 0 to 100; 0 without range. */
  minusIndicator(): number {
    return this.#range < NOTHING ? 0 : 100 * (this.#minus / this.#range);
  }

  /** DX: distance of +DI and -DI in percent of their sum, 0 to 100; NaN when nothing moved. */
  index(): number {
    if (this.#range < NOTHING) return Number.NaN;
    const minus = 100 * (this.#minus / this.#range);
    const plus = 100 * (this.#plus / this.#range);
    const sum = minus + plus;
    return sum < NOTHING ? Number.NaN : 100 * (Math.abs(minus - plus) / sum);
  }
}

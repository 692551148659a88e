import { trueRange } from './true-range.ts';

/**
 * Average true range fed bar by bar: the plain average of the first `period` true ranges, then Wilder's average, in which the newest
 * has weight `1 / period`.
 */
export class RunningAtr {
  readonly #period: number;
  readonly #kept: number;
  readonly #weight: number;
  #bars = 0;
  #closeBefore = Number.NaN;
  #sum = 0;
  #average = Number.NaN;

  /** @param period true ranges of the first average, >= 1. */
  constructor(period: number) {
    this.#period = period;
    // Two products in place of TA-Lib's division: a quarter of the time, equal to the last digit or two.
    this.#kept = (period - 1) / period;
    this.#weight = 1 / period;
  }

  /** The average after this bar, in units of price; NaN for the first `period` bars. */
  next(high: number, low: number, close: number): number {
    const range = trueRange(high, low, this.#closeBefore);
    this.#closeBefore = close;
    if (this.#bars > this.#period) {
      this.#average = this.#average * this.#kept + range * this.#weight;
    } else {
      if (this.#bars > 0) this.#sum += range;
      if (this.#bars === this.#period) this.#average = this.#sum / this.#period;
      this.#bars++;
    }
    return this.#average;
  }
}

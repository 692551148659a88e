/** Averages after which the sums are made anew. TA-Lib's old way never does: over a million bars it loses the ninth digit. */
export const FRESH_BARS = 1024;

/** A weighted moving average fed value by value, in the order of arithmetic of `wma`. */
export class RunningWma {
  readonly #period: number;
  readonly #divisor: number;
  readonly #window: Float64Array;
  #slot = 0;
  #seen = 0;
  #sinceFresh = 0;
  #weighted = 0;
  #plain = 0;
  #oldest = 0;

  constructor(period: number) {
    this.#period = period;
    this.#divisor = (period * (period + 1)) / 2;
    this.#window = new Float64Array(period);
  }

  /** The average of the last `period` values, this one included; NaN while there are fewer. */
  next(value: number): number {
    const period = this.#period;
    const window = this.#window;
    window[this.#slot] = value;
    this.#slot = this.#slot + 1 === period ? 0 : this.#slot + 1;
    if (this.#seen < period - 1) {
      this.#seen++;
      this.#plain += value;
      this.#weighted += value * this.#seen;
      return Number.NaN;
    }
    if (this.#sinceFresh === FRESH_BARS) this.#sumAnew();
    this.#sinceFresh++;
    this.#plain = this.#plain + value - this.#oldest;
    this.#weighted += value * period;
    this.#oldest = window[this.#slot]!;
    // Over one bar the sums would add nothing but rounding.
    const average = period === 1 ? value : this.#weighted / this.#divisor;
    this.#weighted -= this.#plain;
    return average;
  }

  /** The sums as they were when the window was first full but for the newest value, which is in it already. */
  #sumAnew(): void {
    this.#sinceFresh = 0;
    this.#plain = 0;
    this.#weighted = 0;
    this.#oldest = 0;
    for (let weight = 1, slot = this.#slot; weight < this.#period; weight++) {
      this.#plain += this.#window[slot]!;
      this.#weighted += this.#window[slot]! * weight;
      slot = slot + 1 === this.#period ? 0 : slot + 1;
    }
  }
}

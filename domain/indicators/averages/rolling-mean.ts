/**
 * The simple average by which TA-Lib smooths inside other indicators: the sum takes the new value in and lets the oldest go. On the
 * small numbers of an oscillator it is the more exact one; `sma` is the one for prices.
 */

/**
 * Averages `input` from bar `first` on; bars before `first + period - 1` of `output` are left alone. `output` must be another
 * column than `input`.
 */
export function rollingMean(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period - 1;
  if (start >= length) return;
  let sum = 0;
  for (let i = first; i < start; i++) sum += input[i]!;
  for (let i = start, trailing = first; i < length; i++, trailing++) {
    sum += input[i]!;
    output[i] = sum / period;
    sum -= input[trailing]!;
  }
}

/** The same, value by value. */
export class RunningMean {
  readonly #period: number;
  readonly #window: Float64Array;
  #slot = 0;
  #seen = 0;
  #sum = 0;

  constructor(period: number) {
    this.#period = period;
    this.#window = new Float64Array(period);
  }

  /** Whether there were `period` values. */
  get warm(): boolean {
    return this.#seen === this.#period;
  }

  /** The average of the last `period` values, this one included; NaN while there are fewer. */
  next(value: number): number {
    this.#sum += value;
    this.#window[this.#slot] = value;
    this.#slot = this.#slot + 1 === this.#period ? 0 : this.#slot + 1;
    if (this.#seen < this.#period && ++this.#seen < this.#period) return Number.NaN;
    const mean = this.#sum / this.#period;
    this.#sum -= this.#window[this.#slot]!;
    return mean;
  }
}

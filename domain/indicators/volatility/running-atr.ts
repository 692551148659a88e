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

/**
 * The same over whole columns, from bar `first` on, in the same order of operations; bars before `first + period` of `output` are left
 * alone.
 */
export function atrKernel(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  first: number,
  period: number,
  output: Float64Array,
): void {
  const length = output.length;
  const start = first + period;
  if (start >= length) return;
  const kept = (period - 1) / period;
  const weight = 1 / period;
  let sum = 0;
  for (let i = first + 1; i <= start; i++) sum += trueRange(high[i]!, low[i]!, close[i - 1]!);
  let average = sum / period;
  output[start] = average;
  for (let i = start + 1; i < length; i++) {
    average = average * kept + trueRange(high[i]!, low[i]!, close[i - 1]!) * weight;
    output[i] = average;
  }
}

import { DirectionalMovement } from './directional-movement.ts';

/**
 * Average directional index fed bar by bar: the plain average of the first `period` values of DX, then Wilder's average. A bar whose DX
 * is undefined counts 0 in the first and leaves the second as it is.
 */
export class RunningAdx {
  readonly #period: number;
  readonly #movement: DirectionalMovement;
  #indices = 0;
  #sum = 0;
  #average = Number.NaN;

  /** @param period bars of the sums and of the first average, >= 2. */
  constructor(period: number) {
    this.#period = period;
    this.#movement = new DirectionalMovement(period);
  }

  /** The average after this bar, 0 to 100; NaN for the first `2 * period - 1` bars. */
  next(high: number, low: number, close: number): number {
    if (!this.#movement.next(high, low, close)) return Number.NaN;
    const period = this.#period;
    const index = this.#movement.index();
    const moved = !Number.isNaN(index);
    if (this.#indices === period) {
      if (moved) this.#average = (this.#average * (period - 1) + index) / period;
    } else {
      if (moved) this.#sum += index;
      if (++this.#indices === period) this.#average = this.#sum / period;
    }
    return this.#average;
  }
}

/** ADX of whole columns from bar `first` on, with its NaN; bars before `first` of `output` are left alone. */
export function adxKernel(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  first: number,
  period: number,
  output: Float64Array,
): void {
  const length = output.length;
  const average = new RunningAdx(period);
  for (let i = first; i < length; i++) output[i] = average.next(high[i]!, low[i]!, close[i]!);
}

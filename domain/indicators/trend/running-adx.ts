import { directionalKernel, DirectionalMovement } from './directional-movement.ts';

/**
 * Average directional index fed bar by bar: the plain average of the first `period` values of DX, then Wilder's average. A bar whose DX
 * is undefined counts 0 in the first and leaves the second as it is.
 */
export class RunningAdx {
  readonly #period: number;
  readonly #kept: number;
  readonly #weight: number;
  readonly #movement: DirectionalMovement;
  #indices = 0;
  #sum = 0;
  #average = Number.NaN;

  /** @param period bars of the sums and of the first average, >= 2. */
  constructor(period: number) {
    this.#period = period;
    this.#kept = (period - 1) / period;
    this.#weight = 1 / period;
    this.#movement = new DirectionalMovement(period);
  }

  /** The average after this bar, 0 to 100; NaN for the first `2 * period - 1` bars. */
  next(high: number, low: number, close: number): number {
    if (!this.#movement.next(high, low, close)) return Number.NaN;
    const period = this.#period;
    const index = this.#movement.index();
    const moved = !Number.isNaN(index);
    if (this.#indices === period) {
      if (moved) this.#average = this.#average * this.#kept + index * this.#weight;
    } else {
      if (moved) this.#sum += index;
      if (++this.#indices === period) this.#average = this.#sum / period;
    }
    return this.#average;
  }
}

/**
 * The same over whole columns, from bar `first` on, in the same order of operations; bars before `first + 2 * period - 1` of `output`
 * are of no meaning.
 */
export function adxKernel(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  first: number,
  period: number,
  output: Float64Array,
): void {
  directionalKernel(high, low, close, first, period, 'index', output);
  const length = output.length;
  const start = first + 2 * period - 1;
  if (start >= length) return;
  const kept = (period - 1) / period;
  const weight = 1 / period;
  let sum = 0;
  for (let i = start - period + 1; i <= start; i++) if (!Number.isNaN(output[i])) sum += output[i]!;
  let average = sum / period;
  output[start] = average;
  for (let i = start + 1; i < length; i++) {
    const index = output[i]!;
    if (!Number.isNaN(index)) average = average * kept + index * weight;
    output[i] = average;
  }
}

import { HIGHEST, LOWEST, RunningExtreme, slidingExtreme } from '../statistics/sliding-extreme.ts';

/** The line of AROON for an extreme `age` bars ago: 100 when it is new, 0 when it is `period` bars old. */
export function aroonLine(period: number, age: number): number {
  return (100 / period) * (period - age);
}

/**
 * Both lines of AROON over whole columns. Its window has `period + 1` bars. From bar `first` on; the first `period` values are those
 * of shorter windows, bars before `first` are left alone.
 */
export function aroonKernel(
  high: Float64Array,
  low: Float64Array,
  first: number,
  period: number,
  down: Float64Array,
  up: Float64Array,
): void {
  slidingExtreme(low, first, period + 1, LOWEST, true, down);
  slidingExtreme(high, first, period + 1, HIGHEST, true, up);
  const length = high.length;
  for (let i = first; i < length; i++) {
    down[i] = aroonLine(period, i - down[i]!);
    up[i] = aroonLine(period, i - up[i]!);
  }
}

/** Both lines of AROON bar by bar. */
export class RunningAroon {
  readonly #period: number;
  readonly #highest: RunningExtreme;
  readonly #lowest: RunningExtreme;
  down = Number.NaN;
  up = Number.NaN;

  constructor(period: number) {
    this.#period = period;
    this.#highest = new RunningExtreme(period + 1, HIGHEST);
    this.#lowest = new RunningExtreme(period + 1, LOWEST);
  }

  next(high: number, low: number): void {
    const warm = !Number.isNaN(this.#highest.next(high));
    this.#lowest.next(low);
    if (!warm) return;
    this.down = aroonLine(this.#period, this.#lowest.age);
    this.up = aroonLine(this.#period, this.#highest.age);
  }
}

import { HIGHEST, LOWEST, RunningExtreme, slidingExtreme } from './sliding-extreme.ts';

/**
 * Highest high (`upper`) and lowest low (`lower`) of each window of `period` bars and their middle, from bar `first` on. `middle` may
 * be the column of `upper`. The first `period - 1` values are those of shorter windows; bars before `first` are left alone.
 */
export function slidingRange(
  high: Float64Array,
  low: Float64Array,
  first: number,
  period: number,
  upper: Float64Array,
  lower: Float64Array,
  middle: Float64Array,
): void {
  slidingExtreme(high, first, period, HIGHEST, false, upper);
  slidingExtreme(low, first, period, LOWEST, false, lower);
  const length = middle.length;
  for (let i = first; i < length; i++) middle[i] = (upper[i]! + lower[i]!) / 2;
}

/** The same bar by bar. */
export class RunningRange {
  readonly #highest: RunningExtreme;
  readonly #lowest: RunningExtreme;
  upper = Number.NaN;
  lower = Number.NaN;

  constructor(period: number) {
    this.#highest = new RunningExtreme(period, HIGHEST);
    this.#lowest = new RunningExtreme(period, LOWEST);
  }

  /** The middle after this bar; NaN while there are fewer than `period` bars. */
  next(high: number, low: number): number {
    this.upper = this.#highest.next(high);
    this.lower = this.#lowest.next(low);
    return (this.upper + this.lower) / 2;
  }
}

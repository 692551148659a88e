import type { Line } from '../line.ts';

/** The current bar, shared by all lines of a board. */
export interface Clock {
  index: number;
}

/**
 * A line on a column. Column and clock are private to the class (not only to the compiler), so that plain JavaScript cannot reach
 * what has not happened either.
 */
export class ColumnLine implements Line {
  readonly #column: Float64Array;
  readonly #clock: Clock;

  constructor(column: Float64Array, clock: Clock) {
    this.#column = column;
    this.#clock = clock;
    Object.freeze(this);
  }

  get now(): number {
    const { index } = this.#clock;
    // Before the first bar, while a strategy prepares, there is no value yet.
    return index < 0 ? Number.NaN : this.#column[index]!;
  }

  ago(bars: number): number {
    if (!Number.isSafeInteger(bars) || bars < 0) throw new RangeError(refusal(bars));
    const index = this.#clock.index - bars;
    return index < 0 ? Number.NaN : this.#column[index]!;
  }
}

function refusal(bars: unknown): string {
  return `ago(${String(bars)}): give a whole number of bars, at least 0: a bar that has not closed cannot be read`;
}

/** A series as far as it is known at the current bar: a window that moves, so that there is nothing of the future to read. */
export interface Line {
  /** Value at the current bar; NaN while it warms up. */
  readonly now: number;
  /**
   * Value so many bars before the current one; NaN before the first. Throws a `RangeError` for what is no whole number of at
   * least 0: there is no way to ask for a bar that has not closed.
   */
  ago(bars: number): number;
}

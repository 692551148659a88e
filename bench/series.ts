/** What several measurements of one thing come to. */
export interface Series {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, smallest and largest of at least one measurement. */
export function seriesOf(values: readonly number[]): Series {
  if (values.length === 0) throw new RangeError('nothing was measured: give at least one run');
  const sorted = values.toSorted((x, y) => x - y);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** Geometric mean of values above 0: the mean of ratios that does not depend on which side is the divisor. */
export function geometricMean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values: give at least one');
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

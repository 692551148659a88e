/** Points of a line: times (rising) and values of the same length. */
export interface Series {
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

export interface ThinnedSeries {
  readonly times: number[];
  readonly values: number[];
}

/**
 * Leaves out points that a picture of limited width cannot show: of each bucket the lowest and the highest value stay, in their order,
 * and so do the very first and last point. No extreme is lost, so a drawdown looks as deep as it was.
 *
 * @param most points to keep, at least 4.
 * @see the min-max aggregation of "M4: A Visualization-Oriented Time Series Data Aggregation", Jugel et al., VLDB 2014.
 */
export function thinSeries({ times, values }: Series, most: number): ThinnedSeries {
  const n = values.length;
  if (n <= most) return { times: Array.from(times), values: Array.from(values) };
  const buckets = Math.floor((most - 2) / 2);
  const kept: ThinnedSeries = { times: [times[0]!], values: [values[0]!] };
  const keep = (i: number): void => {
    kept.times.push(times[i]!);
    kept.values.push(values[i]!);
  };
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (n - 2)) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * (n - 2)) / buckets);
    const [low, high] = extremes(values, from, to);
    keep(Math.min(low, high));
    if (low !== high) keep(Math.max(low, high));
  }
  keep(n - 1);
  return kept;
}

/** Indices of the lowest and highest value in `[from, to)`, the first of equals. */
function extremes(values: ArrayLike<number>, from: number, to: number): readonly [low: number, high: number] {
  let low = from;
  let high = from;
  for (let i = from + 1; i < to; i++) {
    if (values[i]! < values[low]!) low = i;
    if (values[i]! > values[high]!) high = i;
  }
  return [low, high];
}

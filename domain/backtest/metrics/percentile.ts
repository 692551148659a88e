/**
 * The value below which the share `q` (0 to 1) of the sorted values lies, linear between neighbours (method 7 of Hyndman and Fan
 * 1996, the default of numpy). `NaN` of no values.
 */
export function percentile(sorted: Float64Array, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (position - below);
}

/** Mean of the worst floor((n - 1) q) + 1 values. `NaN` of no values. */
export function meanOfTail(sorted: Float64Array, q: number): number {
  const last = Math.floor((sorted.length - 1) * q);
  let total = 0;
  for (let i = 0; i <= last; i++) total += sorted[i]!;
  return total / (last + 1);
}

import type { Histogram } from '../result.ts';

/** Counts values between edges; one that lies on an edge belongs to the bin below it. Undefined ones are left out. `null` of none. */
function histogram(values: Float64Array, edges: readonly number[]): Histogram {
  const counts = Array.from({ length: edges.length - 1 }, () => 0);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    let bin = edges.findIndex((edge) => value <= edge) - 1;
    if (bin < 0) bin = value <= edges[0]! ? 0 : counts.length - 1;
    counts[bin]! += 1;
  }
  return { edges, counts };
}

/** Histogram from the lowest to the highest value; `null` when there is none. */
export function histogramOf(values: Float64Array, bins: number): Histogram | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return null;
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  return histogram(
    values,
    Array.from({ length: bins + 1 }, (_, k) => low + ((high - low) * k) / bins),
  );
}

/** Histogram with an edge at 0 and as far on either side: what is not above 0 stands on the left. */
export function centredHistogram(values: Float64Array, binsEachSide: number): Histogram {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  const step = (most === 0 ? 1 : most) / binsEachSide;
  return histogram(
    values,
    Array.from({ length: 2 * binsEachSide + 1 }, (_, k) => (k - binsEachSide) * step),
  );
}

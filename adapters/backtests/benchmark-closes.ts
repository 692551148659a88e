import type { Candles } from '../../domain/market/candles.ts';

/**
 * Closes of a market at the bars of a run, for comparison with holding it: at a time without a bar of its own the last one before.
 * `null` when the market has no bar at or before the first of the times.
 */
export function benchmarkCloses({ time, close, length }: Candles, times: Float64Array): Float64Array | null {
  const closes = new Float64Array(times.length);
  let bar = -1;
  for (let i = 0; i < times.length; i++) {
    while (bar + 1 < length && time[bar + 1]! <= times[i]!) bar += 1;
    if (bar < 0) return null;
    closes[i] = close[bar]!;
  }
  return closes;
}

import type { Candles } from './candles.ts';

/**
 * Closes of a market at bars that open at `times` (rising): at a time without a bar of its own the last one before. `null` when the market
 * has no bar at or before the first of the times.
 */
export function closesAt({ time, close, length }: Candles, times: Float64Array): Float64Array | null {
  const closes = new Float64Array(times.length);
  let bar = -1;
  for (let i = 0; i < times.length; i++) {
    while (bar + 1 < length && time[bar + 1]! <= times[i]!) bar += 1;
    if (bar < 0) return null;
    closes[i] = close[bar]!;
  }
  return closes;
}

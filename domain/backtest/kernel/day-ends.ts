import type { Candles } from '../../market/candles.ts';
import { type MarketDays, UTC_DAYS } from '../../market/market-days.ts';
import { timeframeMs } from '../../market/timeframe.ts';

const DAY_MS = 86_400_000;

/**
 * The bars at whose close a return ends, as `dailyEquity` takes them: the last bar of each day, a bar belonging to the day in which it
 * closes; every bar where bars are longer than a day. The first bar is the start, at whose close a strategy can first decide, and
 * ends no return.
 *
 * @param from the first bar of the run.
 * @param to end, not included.
 * @param days how time is cut into days; UTC days by default.
 */
export function returnEnds(candles: Candles, from: number, to: number, days: MarketDays = UTC_DAYS): Int32Array {
  const barMs = timeframeMs(candles.timeframe);
  const ends = new Int32Array(Math.max(0, to - from - 1));
  let count = 0;
  if (barMs >= DAY_MS) {
    // Bars of one day close on different days, whatever the hour.
    for (let i = from + 1; i < to; i++) ends[count++] = i;
    return ends;
  }
  for (let i = from + 1; i < to;) {
    // A bar that closes at the end of a day is still of it.
    const lastOpen = days.endOf(candles.time[i]! + barMs) - barMs;
    i = firstAtOrAfter(candles.time, lastOpen + 1, i + 1, to);
    ends[count++] = i - 1;
  }
  return ends.slice(0, count);
}

/** The first bar of `[from, to)` that opens at `at` or later, or `to`. Steps double, so that a day costs its logarithm. */
export function firstAtOrAfter(time: Float64Array, at: number, from: number, to: number): number {
  let low = from;
  let step = 1;
  while (low + step < to && time[low + step]! < at) {
    low += step;
    step *= 2;
  }
  let high = Math.min(to, low + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (time[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

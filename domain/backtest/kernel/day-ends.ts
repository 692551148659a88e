import type { Candles } from '../../market/candles.ts';
import { timeframeMs } from '../../market/timeframe.ts';

const DAY_MS = 86_400_000;

/**
 * The bars at whose close a return ends, as `dailyEquity` takes them: the last bar of each day, a bar belonging to the day in which it
 * closes; every bar where bars are longer than a day. The first bar is the start, at whose close a strategy can first decide, and
 * ends no return.
 *
 * @param from the first bar of the run.
 * @param to end, not included.
 * @param dayStartMs start of the day after midnight UTC.
 */
export function returnEnds(candles: Candles, from: number, to: number, dayStartMs = 0): Int32Array {
  const barMs = timeframeMs(candles.timeframe);
  const ends = new Int32Array(Math.max(0, to - from - 1));
  let count = 0;
  if (barMs >= DAY_MS) {
    // Bars of one day close on different days, whatever the hour.
    for (let i = from + 1; i < to; i++) ends[count++] = i;
    return ends;
  }
  for (let i = from + 1; i < to;) {
    const day = Math.floor((candles.time[i]! + barMs - 1 - dayStartMs) / DAY_MS);
    const firstOpenOfNext = (day + 1) * DAY_MS + dayStartMs - barMs + 1;
    i = firstAtOrAfter(candles.time, firstOpenOfNext, i + 1, to);
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

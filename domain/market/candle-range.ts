import { isoOf } from './candle-checks.ts';
import { type Candles, sliceCandles } from './candles.ts';
import type { EpochMs } from './decimal.ts';

/** Index of the first bar that opens at or after `time`; the length when there is none. */
export function firstBarFrom({ time: times, length }: Candles, time: EpochMs): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The bars that open in `[from, to)` as views on the same memory; `null` leaves a side open.
 * @throws {RangeError} when there is none, naming the range that the data has
 */
export function barsIn(candles: Candles, from: EpochMs | null, to: EpochMs | null): Candles {
  const first = from === null ? 0 : firstBarFrom(candles, from);
  const end = to === null ? candles.length : firstBarFrom(candles, to);
  if (end > first) return sliceCandles(candles, first, end);
  throw new RangeError(emptyRange(candles.time[0], candles.time[candles.length - 1], from, to));
}

/** What is said of a range without a bar. */
export function emptyRange(
  first: EpochMs | undefined,
  last: EpochMs | undefined,
  from: EpochMs | null,
  to: EpochMs | null,
): string {
  const asked = `from ${from === null ? 'the start' : isoOf(from)} to ${to === null ? 'the end' : isoOf(to)}`;
  if (first === undefined || last === undefined) return `there is no bar at all, and so none ${asked}`;
  return `there is no bar ${asked}; the bars open from ${isoOf(first)} to ${isoOf(last)}`;
}

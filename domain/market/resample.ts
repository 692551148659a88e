import { barOpen, gridOf } from './bar-grid.ts';
import { CandleBuilder } from './candle-builder.ts';
import { type Candles, closeTime } from './candles.ts';
import type { EpochMs } from './decimal.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

/** Bars of a higher timeframe made of those of a lower one. */
export interface Resampled {
  readonly candles: Candles;
  /** How many lower bars each is made of. */
  readonly parts: Int32Array;
  /** Bars made of fewer than all their parts, because the lower ones have gaps. */
  readonly incomplete: number;
  /** Whether the last bar was left out because the lower bars end before its close. */
  readonly isLastLeftOut: boolean;
}

/** Whether bars of `base` can be put together to bars of `timeframe`: they must fill them, beginning and ending with them. */
export function canResample(base: Timeframe, timeframe: Timeframe): boolean {
  const [grid, lower] = [gridOf(timeframe), gridOf(base)];
  // Weeks begin on Mondays: bars of three days, say, would lie across two of them.
  return grid.stepMs % lower.stepMs === 0 && grid.originMs % lower.stepMs === lower.originMs % lower.stepMs;
}

/**
 * Bars of `timeframe`, a whole multiple of that of `base`: first open, highest high, lowest low, last close, sum of volumes. They begin on
 * the grid in UTC (whole weeks on Mondays). A bar that has not closed by the close of the last base bar is left out, never shown half
 * done; a bar with gaps inside is made of what is there and counted.
 * @param until how far the base is known, where more of it follows; the close of its last bar by default
 * @throws {RangeError} when `timeframe` is no multiple of the base's
 */
export function resample(base: Candles, timeframe: Timeframe, until?: EpochMs): Resampled {
  const grid = gridOf(timeframe);
  const lowerMs = timeframeMs(base.timeframe);
  if (!canResample(base.timeframe, timeframe)) {
    throw new RangeError(
      `${timeframe} bars cannot be made of ${base.timeframe} bars: give a whole multiple of ${base.timeframe}`,
    );
  }
  const wanted = grid.stepMs / lowerMs;
  const builder = new CandleBuilder(base.symbol, timeframe, Math.ceil(base.length / wanted) + 1);
  const parts: number[] = [];
  let incomplete = 0;
  let isLastLeftOut = false;
  const end = until ?? (base.length === 0 ? 0 : closeTime(base, base.length - 1));
  for (let i = 0; i < base.length;) {
    const open = barOpen(grid, base.time[i]!);
    const close = open + grid.stepMs;
    if (close > end) {
      isLastLeftOut = true;
      break;
    }
    const first = i;
    let high = base.high[i]!;
    let low = base.low[i]!;
    let volume = base.volume[i]!;
    for (i += 1; i < base.length && base.time[i]! < close; i += 1) {
      if (base.high[i]! > high) high = base.high[i]!;
      if (base.low[i]! < low) low = base.low[i]!;
      volume += base.volume[i]!;
    }
    builder.add(open, base.open[first]!, high, low, base.close[i - 1]!, volume);
    parts.push(i - first);
    if (i - first < wanted) incomplete += 1;
  }
  return { candles: builder.take(), parts: Int32Array.from(parts), incomplete, isLastLeftOut };
}

/**
 * For each base bar the index of the last higher bar that has closed by the base bar's own close, -1 before the first. What a
 * strategy that decides at the close of a base bar may know of the higher timeframe.
 */
export function closedBarIndex(base: Candles, higher: Candles): Int32Array {
  const index = new Int32Array(base.length);
  const baseMs = timeframeMs(base.timeframe);
  const higherMs = timeframeMs(higher.timeframe);
  let last = -1;
  for (let i = 0; i < base.length; i += 1) {
    const known = base.time[i]! + baseMs;
    while (last + 1 < higher.length && higher.time[last + 1]! + higherMs <= known) last += 1;
    index[i] = last;
  }
  return index;
}

import type { Candles } from '../../domain/market/candles.ts';
import type { GapReport } from '../../domain/market/dataset-gaps.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';

/** What is missing: by a calendar where there is one, else the longest stretch without a bar, which may be a night or a weekend. */
export function gapNotes(candles: Candles, gaps: GapReport | null): readonly string[] {
  const { symbol } = candles;
  if (gaps !== null) {
    const notes: string[] = [];
    const { count, missingBars, outsideBars, calendar } = gaps;
    if (count > 0) notes.push(`${symbol}: ${count} gaps, ${missingBars} bars are missing by the calendar ${calendar}`);
    if (outsideBars > 0) notes.push(`${symbol}: ${outsideBars} bars lie outside the hours of the calendar ${calendar}`);
    return notes;
  }
  const { stretches, longest, bar } = longestStretch(candles);
  if (bar < 0) return [];
  const hours = Math.round((longest / 3_600_000) * 100) / 100;
  const from = new Date(candles.time[bar]! + timeframeMs(candles.timeframe)).toISOString();
  return [
    `${symbol}: ${stretches} stretches without bars, the longest of ${hours} hours from ${from}; name a calendar to see what is missing`,
  ];
}

/** The longest time between the close of bar `bar` and the open of the next. */
function longestStretch({ time, length, timeframe }: Candles): { stretches: number; longest: number; bar: number } {
  const step = timeframeMs(timeframe);
  let [stretches, longest, bar] = [0, 0, -1];
  for (let i = 1; i < length; i++) {
    const pause = time[i]! - time[i - 1]! - step;
    if (pause <= 0) continue;
    stretches += 1;
    if (pause <= longest) continue;
    longest = pause;
    bar = i - 1;
  }
  return { stretches, longest, bar };
}

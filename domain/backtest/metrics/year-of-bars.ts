import { type Timeframe, timeframeMs } from '../../market/timeframe.ts';

const DAY_MS = 86_400_000;

/** Returns in a year where nobody says it: those of days, or where a bar is longer than a day those of bars, 365 days over its length. */
export function yearOfBars(timeframe: Timeframe, daysPerYear: number): number {
  const bar = timeframeMs(timeframe);
  return bar > DAY_MS ? (365 * DAY_MS) / bar : daysPerYear;
}

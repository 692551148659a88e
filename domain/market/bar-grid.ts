import type { DurationMs, EpochMs } from './decimal.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

const WEEK_MS = 604_800_000;
/** 1970-01-05, the first Monday: weeks begin on Mondays, everything shorter at UTC midnight. */
const FIRST_MONDAY: EpochMs = 345_600_000;

/** Where the bars of a timeframe begin: at `originMs` plus whole multiples of `stepMs`. */
export interface BarGrid {
  readonly stepMs: DurationMs;
  readonly originMs: EpochMs;
}

/**
 * The grid of a timeframe, in UTC: whole weeks from Mondays, all others from 1970-01-01T00:00Z, which puts every timeframe that
 * divides a day on UTC midnight. Throws a `RangeError` for what is no timeframe.
 */
export function gridOf(timeframe: Timeframe): BarGrid {
  const stepMs = timeframeMs(timeframe);
  return { stepMs, originMs: stepMs % WEEK_MS === 0 ? FIRST_MONDAY : 0 };
}

/** Open of the bar that `time` lies in. */
export function barOpen({ stepMs, originMs }: BarGrid, time: EpochMs): EpochMs {
  return originMs + Math.floor((time - originMs) / stepMs) * stepMs;
}

/** Whether a bar of that grid may begin at `time`. */
export function isOnGrid({ stepMs, originMs }: BarGrid, time: EpochMs): boolean {
  return (time - originMs) % stepMs === 0;
}

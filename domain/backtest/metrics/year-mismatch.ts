import type { DurationMs } from '../../market/decimal.ts';

const YEAR_MS = 365.25 * 86_400_000;
/** In shorter runs a weekend more or less is a difference of its own. */
const LEAST_YEARS = 0.25;
/** Holidays make a difference of 4 %: a week of five days is 261 days a year. */
const MOST_OFF = 0.05;

/** Returns that there are, the time that they take, and how many of them annual figures count in a year. */
export interface CountedYear {
  readonly returns: number;
  readonly elapsedMs: DurationMs;
  readonly periodsPerYear: number;
  /** What a return is of. */
  readonly period: 'day' | 'bar';
}

/** What to know of a year that is not that of the data, which makes every annual figure wrong; `null` when they differ by 5 % at most. */
export function yearMismatch({ returns, elapsedMs, periodsPerYear, period }: CountedYear): string | null {
  const years = elapsedMs / YEAR_MS;
  if (years < LEAST_YEARS) return null;
  const measured = returns / years;
  const off = measured / periodsPerYear - 1;
  if (Math.abs(off) <= MOST_OFF) return null;
  const by = `${Math.round(Math.abs(off) * 1000) / 10} % ${off > 0 ? 'more' : 'fewer'}`;
  return `the data has ${Math.round(measured * 10) / 10} ${period}s a year, ${by} than the annual figures count: name the market's calendar ("us-equities", "forex", "24/7" or a description), or give periodsPerYear`;
}

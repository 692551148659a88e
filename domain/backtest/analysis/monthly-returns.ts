import { type MarketDays, UTC_DAYS } from '../../market/market-days.ts';
import { dailyEquity } from '../metrics/daily-returns.ts';

/** The months of one calendar year. */
export interface YearReturns {
  readonly year: number;
  /** January first; `null` for months without a bar or without a return. */
  readonly months: readonly (number | null)[];
  /** Of the part of the year that was traded. */
  readonly returnRatio: number | null;
}

/**
 * The return of each calendar month and year, of the equity at the closes of bars; the first and the last month may be parts. `start` is
 * the equity before the first bar; a month's return is on the equity at the end of the month before. A day
 * counts for the month of its date.
 */
export function monthlyReturns(
  equity: Float64Array,
  closeTimes: Float64Array,
  start: number,
  days: MarketDays = UTC_DAYS,
): readonly YearReturns[] {
  const daily = dailyEquity(equity, closeTimes, start, days);
  const ends = new Map<number, Map<number, number>>();
  for (let i = 0; i < daily.days.length; i++) {
    const date = new Date(daily.days[i]!);
    const year = ends.get(date.getUTCFullYear()) ?? new Map<number, number>();
    ends.set(date.getUTCFullYear(), year.set(date.getUTCMonth(), daily.equity[i + 1]!));
  }
  let before = start;
  return [...ends].map(([year, ofMonths]) => {
    const yearStart = before;
    const months = Array.from({ length: 12 }, (_, month) => {
      const end = ofMonths.get(month);
      if (end === undefined) return null;
      const ratio = growth(before, end);
      before = end;
      return ratio;
    });
    return { year, months, returnRatio: growth(yearStart, before) };
  });
}

function growth(from: number, to: number): number | null {
  return from > 0 ? to / from - 1 : null;
}

import type { BarGrid } from './bar-grid.ts';
import type { EpochMs } from './decimal.ts';
import { ALWAYS_OPEN_RULE, type DayRule } from './market-days.ts';

/** When a market trades, as far as its bars are concerned: which bars of a grid ought to be there. */
export interface Calendar {
  readonly name: string;
  /** How its time is cut into days. */
  readonly days: DayRule;
  /** How many bars of the grid open in `[from, to)` and have trading in them. */
  countBars(grid: BarGrid, from: EpochMs, to: EpochMs): number;
}

/** How many bars of a grid open in `[from, to)`. */
export function barsBetween({ stepMs, originMs }: BarGrid, from: EpochMs, to: EpochMs): number {
  return Math.max(0, Math.ceil((to - originMs) / stepMs) - Math.ceil((from - originMs) / stepMs));
}

/** Name of the calendar of a market that never closes. */
export const ALWAYS_OPEN = '24/7';

/** Calendars that go by a name. */
export const CALENDAR_NAMES = [ALWAYS_OPEN, 'us-equities', 'forex'] as const;
export type CalendarName = (typeof CALENDAR_NAMES)[number];

/** A market that never closes. */
export const alwaysOpen: Calendar = { name: ALWAYS_OPEN, days: ALWAYS_OPEN_RULE, countBars: barsBetween };

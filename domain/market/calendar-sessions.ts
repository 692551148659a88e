import { type BarGrid, barOpen } from './bar-grid.ts';
import { barsBetween, type Calendar } from './calendar.ts';
import { instantOf, offsetAt, type TimeZone } from './calendar-zone.ts';
import { weekdayOf } from './csv-stamp.ts';
import type { EpochMs } from './decimal.ts';
import type { DayRule } from './market-days.ts';
import type { LocalHours, OpenMinutes } from './trading-stretches.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;

/** Trading between two times of day on certain weekdays, by the local clock. */
export interface Session {
  /** 1 = Monday to 7 = Sunday. */
  readonly days: readonly number[];
  /** Minutes after local midnight; trading is in `[open, close)`. 1440 is the end of the day. */
  readonly open: number;
  readonly close: number;
}

/** Days are counted from 1970-01-01, local. */
export interface SessionRules {
  readonly name: string;
  readonly zone: TimeZone;
  readonly sessions: readonly Session[];
  readonly isHoliday: (day: number) => boolean;
  /** Minutes after local midnight at which a day that ends early ends; `null` on all others. */
  readonly earlyClose: (day: number) => number | null;
}

/**
 * A market with trading hours. A bar shorter than a day is expected when its time overlaps a session; a bar of a day or more when one
 * of its dates is a trading day, since such bars are stamped with the date and not with the hours.
 */
export function sessionCalendar(rules: SessionRules): Calendar {
  return {
    name: rules.name,
    days: daysOf(rules),
    countBars: (grid, from, to) =>
      grid.stepMs >= DAY_MS ? countLongBars(rules, grid, from, to) : countShortBars(rules, grid, from, to),
  };
}

/**
 * Days begin at local midnight, or where trading goes on over midnight with the earliest of the sessions that do: at 17:00 where a week is
 * traded from Sunday 17:00 on. A session that opens at midnight itself and reaches the next begins no day but its own.
 */
function daysOf({ sessions, zone }: SessionRules): DayRule {
  const goesOn = ({ days }: Session): boolean =>
    days.some((day) => sessions.some(({ open, days: next }) => open === 0 && next.includes((day % 7) + 1)));
  const overMidnight = sessions.filter(
    (session) => session.open > 0 && session.close === DAY_MINUTES && goesOn(session),
  );
  const startMinutes = overMidnight.length === 0 ? 0 : Math.min(...overMidnight.map(({ open }) => open));
  const dates = sessions.flatMap(({ days, open }) =>
    days.map((day) => (startMinutes > 0 && open >= startMinutes ? (day % 7) + 1 : day)),
  );
  return {
    zone: zone.name,
    startMinutes,
    weekdays: [...new Set(dates)].toSorted((a, b) => a - b),
    isAlwaysOpen: false,
  };
}

function sessionsOn(rules: SessionRules, day: number): readonly Session[] {
  if (rules.isHoliday(day)) return [];
  const weekday = weekdayOf(day);
  return rules.sessions.filter(({ days }) => days.includes(weekday));
}

/** The sessions of a day as they are kept: without what an early close cuts off. */
function openOn(rules: SessionRules, day: number): readonly OpenMinutes[] {
  const early = rules.earlyClose(day);
  return sessionsOn(rules, day)
    .map(({ open, close }) => ({ open, close: Math.min(close, early ?? close) }))
    .filter(({ open, close }) => close > open);
}

/** The hours of a market. Its sessions end with their day at the latest. */
export function localHours(rules: SessionRules): LocalHours {
  return { zone: rules.zone, openOn: (day) => openOn(rules, day), longestDays: 1 };
}

function countLongBars(rules: SessionRules, grid: BarGrid, from: EpochMs, to: EpochMs): number {
  let count = 0;
  let open = barOpen(grid, from);
  if (open < from) open += grid.stepMs;
  for (; open < to; open += grid.stepMs) {
    const first = open / DAY_MS;
    for (let day = first; day < first + grid.stepMs / DAY_MS; day += 1) {
      if (sessionsOn(rules, day).length === 0) continue;
      count += 1;
      break;
    }
  }
  return count;
}

function countShortBars(rules: SessionRules, grid: BarGrid, from: EpochMs, to: EpochMs): number {
  const { zone } = rules;
  const lastDay = Math.floor((to + offsetAt(zone, to)) / DAY_MS);
  // A bar may overlap two sessions: each is counted from where the one before ended.
  let counted = from;
  let count = 0;
  for (let day = Math.floor((from + offsetAt(zone, from)) / DAY_MS); day <= lastDay; day += 1) {
    for (const { open, close } of openOn(rules, day)) {
      const opens = Math.max(counted, barOpen(grid, instantOf(zone, day * DAY_MS + open * MINUTE_MS)));
      const closes = Math.min(to, instantOf(zone, day * DAY_MS + close * MINUTE_MS));
      if (closes <= opens) continue;
      count += barsBetween(grid, opens, closes);
      counted = closes;
    }
  }
  return count;
}

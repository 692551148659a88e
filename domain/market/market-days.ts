import { weekdayOf } from './csv-stamp.ts';
import { instantOf, offsetAt, type TimeZone, UTC } from './calendar-zone.ts';
import type { DurationMs, EpochMs } from './decimal.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** How time is cut into the days of a market. A bar belongs to the day in which it closes; a day has its end, and not its start. */
export interface MarketDays {
  /** Whether trading never stops: then a full day has as many bars as fit into it. */
  readonly isAlwaysOpen: boolean;
  /** End of the day that the close lies in: the close itself, or later. Rises with it. */
  endOf(close: EpochMs): EpochMs;
  /** Midnight UTC of the date that the day which ends then goes by. */
  dateOf(end: EpochMs): EpochMs;
}

/** The days of a market as plain JSON: where they begin on which clock. */
export interface DayRule {
  /** Name of the time zone, for people and for whoever has its table. */
  readonly zone: string;
  /** Minutes after local midnight, 0 to 1439. Days that begin later than midnight go by the date on which they end. */
  readonly startMinutes: number;
  /** Weekdays of the dates with trading, 1 = Monday to 7 = Sunday. Other days are part of the one before: a stray bar makes no day. */
  readonly weekdays: readonly number[];
  readonly isAlwaysOpen: boolean;
}

/** Days from midnight to midnight UTC, of a market of which nothing else is known. */
export const UTC_RULE: DayRule = {
  zone: 'UTC',
  startMinutes: 0,
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  isAlwaysOpen: false,
};

/** Days of a market that never closes. */
export const ALWAYS_OPEN_RULE: DayRule = { ...UTC_RULE, isAlwaysOpen: true };

/** The days of a rule by the table of its zone: as long as the clock makes them, 23 and 25 hours where it is changed. */
export function marketDays({ startMinutes, weekdays, isAlwaysOpen }: DayRule, zone: TimeZone): MarketDays {
  if (weekdays.length === 0) throw new RangeError('the days of a market have no weekday: give at least one');
  const startMs = startMinutes * MINUTE_MS;
  // Days are counted from 1970-01-01 by the date on which they end, the moment of the end itself not being of the next date.
  const toDate = startMinutes === 0 ? -1 : 0;
  const hasTrading = Array.from({ length: 7 }, (_, day) => weekdays.includes(weekdayOf(day)));
  const isTraded = (date: number): boolean => hasTrading[((date % 7) + 7) % 7]!;
  const endOf = (day: number): EpochMs => {
    let last = day;
    while (!isTraded(last + toDate + 1)) last += 1;
    return instantOf(zone, last * DAY_MS + startMs);
  };
  return {
    isAlwaysOpen,
    endOf(close) {
      const day = Math.floor((localTime(zone, close - 1) - startMs) / DAY_MS) + 1;
      const end = endOf(day);
      // Where the clock is put back at the very hour at which days begin, that hour comes twice: days begin with the first.
      return end >= close ? end : endOf(day + 1);
    },
    dateOf(end) {
      let date = Math.floor(localTime(zone, end - 1) / DAY_MS);
      while (!isTraded(date)) date -= 1;
      return date * DAY_MS;
    },
  };
}

function localTime(zone: TimeZone, time: EpochMs): EpochMs {
  return time + offsetAt(zone, time);
}

export const UTC_DAYS: MarketDays = marketDays(UTC_RULE, UTC);

/** The days of bars: those of a day or more are stamped with dates and not with hours, and belong to dates in UTC wherever they come from. */
export function daysOfBars(days: MarketDays, timeframe: Timeframe): MarketDays {
  return timeframeMs(timeframe) < DAY_MS ? days : { ...UTC_DAYS, isAlwaysOpen: days.isAlwaysOpen };
}

/** The same days, told by the opens of bars instead of their closes: that spares a copy of all times. */
export function daysOfOpens(days: MarketDays, barMs: DurationMs): MarketDays {
  return {
    isAlwaysOpen: days.isAlwaysOpen,
    endOf: (open) => days.endOf(open + barMs) - barMs,
    dateOf: (end) => days.dateOf(end + barMs),
  };
}

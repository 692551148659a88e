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
  readonly isAlwaysOpen: boolean;
}

/** Days from midnight to midnight UTC, of a market of which nothing else is known. */
export const UTC_RULE: DayRule = { zone: 'UTC', startMinutes: 0, isAlwaysOpen: false };

/** Days of a market that never closes. */
export const ALWAYS_OPEN_RULE: DayRule = { ...UTC_RULE, isAlwaysOpen: true };

/** The days of a rule by the table of its zone: as long as the clock makes them, 23 and 25 hours where it is changed. */
export function marketDays({ startMinutes, isAlwaysOpen }: DayRule, zone: TimeZone): MarketDays {
  const startMs = startMinutes * MINUTE_MS;
  const endAfter = (day: number): EpochMs => instantOf(zone, day * DAY_MS + startMs);
  return {
    isAlwaysOpen,
    endOf(close) {
      const day = Math.floor((localTime(zone, close - 1) - startMs) / DAY_MS) + 1;
      const end = endAfter(day);
      // Where the clock is put back at the very hour at which days begin, that hour comes twice: days begin with the first.
      return end >= close ? end : endAfter(day + 1);
    },
    dateOf: (end) => Math.floor(localTime(zone, end - 1) / DAY_MS) * DAY_MS,
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

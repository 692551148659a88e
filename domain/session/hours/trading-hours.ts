import type { EpochMs } from '../../market/decimal.ts';
import { localHours } from '../../market/calendar-sessions.ts';
import { weekdayOf } from '../../market/csv-stamp.ts';
import { dateOfDay, minutesOfDay } from '../../market/local-time.ts';
import { namedRules } from '../../market/named-rules.ts';
import { findTimeZone } from '../../market/time-zones.ts';
import { isOpenAt, type LocalHours, nextChangeAfter, type OpenMinutes } from '../../market/trading-stretches.ts';
import type { TradingHours, TradingWindow } from '../spec.ts';

const DAY_MINUTES = 1440;

/**
 * Whether a session may open positions at an instant. A bar is asked about by the instant of its close, at which its orders are sent: the bar that
 * closes when hours begin may open positions, the one that closes when they end may not.
 *
 * Hours follow the local clock through its changes, as `LocalHours` says.
 */
export function mayOpen(hours: TradingHours, instant: EpochMs): boolean {
  const local = localHoursOf(hours);
  return local === null || isOpenAt(local, instant);
}

/** The first instant after `instant` at which `mayOpen` becomes another; `null` when it stays as it is for two years. */
export function nextChange(hours: TradingHours, instant: EpochMs): EpochMs | null {
  const local = localHoursOf(hours);
  return local === null ? null : nextChangeAfter(local, instant);
}

/** `null` for hours that never end. */
function localHoursOf(hours: TradingHours): LocalHours | null {
  switch (hours.kind) {
    case 'always':
      return null;
    case 'calendar':
      return localHours(namedRules(hours.calendar));
    case 'windows': {
      const windows = hours.windows.map((window) => ({ days: window.days, minutes: minutesOf(window) }));
      const closed = new Set(hours.closedOn);
      return {
        zone: findTimeZone(hours.zone),
        openOn: (day) => {
          if (closed.has(dateOfDay(day))) return [];
          const weekday = weekdayOf(day);
          return windows.filter(({ days }) => days.includes(weekday)).map(({ minutes }) => minutes);
        },
        longestDays: 2,
      };
    }
  }
}

function minutesOf({ from, to }: TradingWindow): OpenMinutes {
  const open = minutesOfDay(from)!;
  const close = minutesOfDay(to)!;
  return { open, close: close > open ? close : close + DAY_MINUTES };
}

import { Fields, isObject } from '../../backtest/spec/fields.ts';
import { CALENDAR_NAMES, type CalendarName } from '../../market/calendar.ts';
import { dayOfDate, minutesOfDay } from '../../market/local-time.ts';
import { findTimeZone } from '../../market/time-zones.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import type { TradingHours, TradingWindow } from '../spec.ts';

const ALWAYS: TradingHours = { kind: 'always' };
const CALENDARS = CALENDAR_NAMES.filter((name): name is Exclude<CalendarName, '24/7'> => name !== '24/7');
const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const MOST_WINDOWS = 100;
const MOST_DATES = 1_000;
const DAYS_FORM = 'give days of the week from 1 (Monday) to 7, or "mon" to "sun"';

/**
 * Reads `hours`: "always" (the default), the name of a calendar, or an object of those kinds or of kind `windows`. Problems are added to
 * the list.
 */
export function parseHours(value: unknown, problems: FieldProblem[]): TradingHours {
  if (value === undefined) return ALWAYS;
  if (typeof value === 'string') return namedHours(value, problems);
  if (!isObject(value)) {
    const message = 'give "always", the name of a calendar, or a JSON object with kind';
    problems.push({ field: 'hours', value: value ?? null, message });
    return ALWAYS;
  }
  const known = { always: [], calendar: ['calendar'], windows: ['zone', 'windows', 'closedOn'] } as const;
  const kinds = Object.keys(known) as (keyof typeof known)[];
  const further = known[kinds.find((kind) => kind === value['kind']) ?? 'windows'];
  const fields = new Fields(value, 'hours', problems, ['kind', ...further]);
  switch (fields.choice('kind', kinds)) {
    case 'always':
      return ALWAYS;
    case 'calendar':
      return { kind: 'calendar', calendar: fields.choice('calendar', CALENDARS) };
    case 'windows':
      return {
        kind: 'windows',
        zone: zoneOf(fields),
        windows: windowsOf(fields, problems),
        closedOn: closedOnOf(fields, problems),
      };
  }
}

function namedHours(name: string, problems: FieldProblem[]): TradingHours {
  if (name === '24/7') return ALWAYS;
  const choice = new Fields({ hours: name }, '', problems, ['hours']).choice('hours', ['always', ...CALENDARS]);
  return choice === 'always' ? ALWAYS : { kind: 'calendar', calendar: choice };
}

function zoneOf(fields: Fields): string {
  const zone = fields.text('zone', 'the time zone of the windows, such as "America/New_York"');
  if (zone === '') return zone;
  try {
    findTimeZone(zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    fields.problem('zone', error.message);
  }
  return zone;
}

function windowsOf(fields: Fields, problems: FieldProblem[]): readonly TradingWindow[] {
  const value = fields.value('windows');
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_WINDOWS) {
    fields.problem('windows', `give a list of 1 to ${MOST_WINDOWS} windows {days, from, to}`);
    return [];
  }
  return value.flatMap((window: unknown, i) => {
    const path = `hours.windows.${i}`;
    if (isObject(window)) return [windowOf(new Fields(window, path, problems, ['days', 'from', 'to']))];
    problems.push({ field: path, value: window ?? null, message: 'give a JSON object with days, from, to' });
    return [];
  });
}

function windowOf(fields: Fields): TradingWindow {
  return { days: daysOf(fields), from: timeOf(fields, 'from'), to: timeOf(fields, 'to') };
}

function daysOf(fields: Fields): readonly number[] {
  const value = fields.value('days');
  if (value === undefined) return EVERY_DAY;
  if (!Array.isArray(value) || value.length === 0) {
    fields.problem('days', DAYS_FORM);
    return EVERY_DAY;
  }
  const days = value.map((day: unknown) =>
    typeof day === 'string' ? DAY_NAMES.indexOf(day.toLowerCase()) + 1 : EVERY_DAY.includes(day as number) ? day : 0,
  ) as number[];
  if (days.includes(0)) {
    fields.problem('days', DAYS_FORM);
    return EVERY_DAY;
  }
  return [...new Set(days)].toSorted((a, b) => a - b);
}

/** `24:00` is an end and no beginning. */
function timeOf(fields: Fields, name: 'from' | 'to'): string {
  const time = fields.text(name, `the local time at which it ${name === 'from' ? 'begins' : 'ends'}, such as "09:30"`);
  if (time === '') return time;
  const minutes = minutesOfDay(time);
  if (minutes === null || (name === 'from' && minutes === 1440))
    fields.problem(name, `give a time of day from "00:00" to "${name === 'from' ? '23:59' : '24:00'}"`);
  return time;
}

function closedOnOf(fields: Fields, problems: FieldProblem[]): readonly string[] {
  const value = fields.value('closedOn');
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MOST_DATES) {
    fields.problem('closedOn', `give a list of at most ${MOST_DATES} dates such as "2026-12-25"`);
    return [];
  }
  const dates = value.filter((date: unknown, i): date is string => {
    if (typeof date === 'string' && dayOfDate(date) !== null) return true;
    problems.push({
      field: `hours.closedOn.${i}`,
      value: date ?? null,
      message: 'is no date: give one such as "2026-12-25"',
    });
    return false;
  });
  return [...new Set(dates)].toSorted();
}

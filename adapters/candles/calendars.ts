import { ALWAYS_OPEN, alwaysOpen, type Calendar, type CalendarName } from '../../domain/market/calendar.ts';
import { type Session, sessionCalendar } from '../../domain/market/calendar-sessions.ts';
import { dayOfDate, minutesOfDay } from '../../domain/market/local-time.ts';
import { namedRules } from '../../domain/market/named-rules.ts';
import { findTimeZone } from '../../domain/market/time-zones.ts';

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Calendars with a name of their own. */
const NAMED: Readonly<Record<CalendarName, () => Calendar>> = {
  '24/7': () => alwaysOpen,
  'us-equities': () => sessionCalendar(namedRules('us-equities')),
  forex: () => sessionCalendar(namedRules('forex')),
};

const FORM =
  '{"zone":"Europe/Berlin","sessions":[{"days":["mon","tue","wed","thu","fri"],"open":"09:00","close":"17:30"}],"holidays":["2024-12-25"],"earlyCloses":{"2024-12-30":"14:00"}}';

/**
 * A calendar by its name, or from a JSON description.
 * @throws {RangeError} saying what cannot be used and what the form is
 */
export function findCalendar(text: string): Calendar {
  if (isCalendarName(text)) return NAMED[text]();
  if (!text.trimStart().startsWith('{')) {
    throw new RangeError(`no calendar "${text}"; known: ${Object.keys(NAMED).join(', ')}; or describe one: ${FORM}`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new RangeError(`the calendar is not JSON: ${(error as Error).message}`);
  }
  return describedCalendar(document as Readonly<Record<string, unknown>>);
}

function isCalendarName(text: string): text is CalendarName {
  return Object.hasOwn(NAMED, text);
}

/**
 * A calendar from its description.
 * @throws {RangeError} saying what cannot be used and what the form is
 */
export function describedCalendar(document: Readonly<Record<string, unknown>>): Calendar {
  const unknown = Object.keys(document).find(
    (name) => !['name', 'zone', 'sessions', 'holidays', 'earlyCloses'].includes(name),
  );
  if (unknown !== undefined) throw new RangeError(`the calendar has a field "${unknown}"; the form is ${FORM}`);
  const { name = 'sessions', zone, sessions, holidays = [], earlyCloses = {} } = document;
  if (typeof name !== 'string' || name === ALWAYS_OPEN)
    throw new RangeError('the name of the calendar must be text of its own');
  if (typeof zone !== 'string') throw new RangeError(`the calendar has no "zone"; the form is ${FORM}`);
  if (!Array.isArray(sessions) || sessions.length === 0) {
    throw new RangeError(`the calendar has no "sessions"; the form is ${FORM}`);
  }
  if (!Array.isArray(holidays)) throw new RangeError('"holidays" must be a list of dates such as "2024-12-25"');
  if (typeof earlyCloses !== 'object' || earlyCloses === null) {
    throw new RangeError('"earlyCloses" must name times by date, {"2024-12-24":"13:00"}');
  }
  const closed = new Set(holidays.map(dayOf));
  const early = new Map(Object.entries(earlyCloses).map(([day, time]) => [dayOf(day), minutesOf(time)]));
  return sessionCalendar({
    name,
    zone: findTimeZone(zone),
    sessions: sessions.map(sessionOf).toSorted((a, b) => a.open - b.open),
    isHoliday: (day) => closed.has(day),
    earlyClose: (day) => early.get(day) ?? null,
  });
}

function sessionOf(value: unknown): Session {
  const { days, open, close } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(days) || days.length === 0) throw new RangeError(`a session has no "days"; the form is ${FORM}`);
  const numbers = days.map((day) => {
    const index = DAY_NAMES.indexOf(String(day).toLowerCase());
    if (index < 0) throw new RangeError(`"${String(day)}" is no day of the week: give ${DAY_NAMES.join(', ')}`);
    return index + 1;
  });
  const session = { days: numbers, open: minutesOf(open), close: minutesOf(close) };
  if (session.open >= session.close) {
    throw new RangeError(
      `a session from ${String(open)} to ${String(close)} has no length; one over midnight is two, to 24:00 and from 00:00`,
    );
  }
  return session;
}

function minutesOf(value: unknown): number {
  const minutes = typeof value === 'string' ? minutesOfDay(value) : null;
  if (minutes === null) {
    throw new RangeError(`"${String(value)}" is no time of day: give one such as "09:30", at most "24:00"`);
  }
  return minutes;
}

function dayOf(value: unknown): number {
  const day = typeof value === 'string' ? dayOfDate(value) : null;
  if (day === null) throw new RangeError(`"${String(value)}" is no date: give one such as "2024-12-25"`);
  return day;
}

import type { Session, SessionRules } from './calendar-sessions.ts';
import type { TimeZone } from './calendar-zone.ts';
import { daysOf, weekdayOf } from './csv-stamp.ts';

const REGULAR: Session = { days: [1, 2, 3, 4, 5], open: 9 * 60 + 30, close: 16 * 60 };
const EARLY_CLOSE = 13 * 60;

/** Closings that no rule gives: September 2001, days of mourning, and the storm of 2012. */
const SPECIAL_CLOSINGS: ReadonlySet<number> = new Set(
  [
    [2001, 9, 11],
    [2001, 9, 12],
    [2001, 9, 13],
    [2001, 9, 14],
    [2004, 6, 11],
    [2007, 1, 2],
    [2012, 10, 29],
    [2012, 10, 30],
    [2018, 12, 5],
    [2025, 1, 9],
  ].map(([year, month, day]) => daysOf(year!, month!, day!)),
);

/**
 * Regular trading of the New York exchanges: 09:30 to 16:00, with the holidays by their rules since 1998 and the special closings.
 * Days that end at 13:00 follow the rule since 2013: 3 July, the day after Thanksgiving, 24 December.
 * @see NYSE Rule 7.2 and the exchange's published holidays
 * @param newYork the zone America/New_York
 */
export function usEquities(newYork: TimeZone): SessionRules {
  const years = new Map<number, YearOfHolidays>();
  const yearOf = (day: number): YearOfHolidays => {
    const year = yearOfDay(day);
    const known = years.get(year) ?? holidaysOf(year);
    years.set(year, known);
    return known;
  };
  return {
    name: 'us-equities',
    zone: newYork,
    sessions: [REGULAR],
    isHoliday: (day) => yearOf(day).closed.has(day) || SPECIAL_CLOSINGS.has(day),
    earlyClose: (day) => (yearOf(day).early.has(day) ? EARLY_CLOSE : null),
  };
}

interface YearOfHolidays {
  readonly closed: ReadonlySet<number>;
  readonly early: ReadonlySet<number>;
}

function yearOfDay(day: number): number {
  let year = 1970 + Math.floor(day / 365.2425);
  while (day >= daysOf(year + 1, 1, 1)) year += 1;
  while (day < daysOf(year, 1, 1)) year -= 1;
  return year;
}

function holidaysOf(year: number): YearOfHolidays {
  const newYear = daysOf(year, 1, 1);
  const independence = daysOf(year, 7, 4);
  const christmas = daysOf(year, 12, 25);
  const thanksgiving = nthWeekday(year, 11, 4, 4);
  const closed = [
    // On a Saturday it is not moved to Friday, which is the last day of the old year.
    weekdayOf(newYear) === 7 ? newYear + 1 : newYear,
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    easterSunday(year) - 2,
    lastMonday(year, 5),
    ...(year >= 2022 ? [observed(daysOf(year, 6, 19))] : []),
    observed(independence),
    nthWeekday(year, 9, 1, 1),
    thanksgiving,
    observed(christmas),
  ];
  return { closed: new Set(closed), early: new Set([independence - 1, thanksgiving + 1, christmas - 1]) };
}

/** Saturday is kept on Friday, Sunday on Monday. */
function observed(day: number): number {
  const weekday = weekdayOf(day);
  return weekday === 6 ? day - 1 : weekday === 7 ? day + 1 : day;
}

/** The nth such weekday (1 = Monday) of a month. */
function nthWeekday(year: number, month: number, weekday: number, n: number): number {
  const first = daysOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
}

function lastMonday(year: number, month: number): number {
  const last = daysOf(year, month + 1, 1) - 1;
  return last - (weekdayOf(last) - 1);
}

/** Easter Sunday of the Gregorian calendar. @see Anonymous Gregorian algorithm, J. Meeus, Astronomical Algorithms, chapter 8 */
function easterSunday(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century + 8) / 25);
  const epact =
    (19 * golden + century - Math.floor(century / 4) - Math.floor((century - correction + 1) / 3) + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const monthAndDay = epact + weekday - 7 * shift + 114;
  return daysOf(year, Math.floor(monthAndDay / 31), (monthAndDay % 31) + 1);
}

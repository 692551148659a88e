import { daysOf } from './csv-stamp.ts';

const DAY_MS = 86_400_000;

/** Minutes after midnight of `HH:MM`, at most 1440 for `24:00`; `null` for what is no time of day. */
export function minutesOfDay(time: string): number | null {
  const match = /^(\d{2}):([0-5]\d)$/.exec(time);
  const minutes = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2]);
  return minutes <= 1440 ? minutes : null;
}

/** Days from 1970-01-01 to a date such as `2026-12-25`; `null` for what is none. */
export function dayOfDate(date: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (match === null) return null;
  const day = daysOf(Number(match[1]), Number(match[2]), Number(match[3]));
  // What is no date, such as 30 February, comes out as another one.
  return dateOfDay(day) === date ? day : null;
}

/** The date that lies so many days after 1970-01-01. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

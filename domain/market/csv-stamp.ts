import { parseNumber } from './csv-number.ts';
import type { EpochMs } from './decimal.ts';

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const DOT = 46;
const PLUS = 43;
const SPACE = 32;
const UPPER_T = 84;
const UPPER_Z = 90;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Numbers below it are no stamps: seconds before 1973 are more likely a date such as 20130104 or a row number. */
const LEAST_EPOCH = 1e8;

/**
 * The instant of a local time (milliseconds since 1970 on the local clock), NaN for one that the clock skips or shows twice.
 * UTC is the identity.
 */
export type LocalClock = (localMs: EpochMs) => EpochMs;

/** Days from 1970-01-01 to a date of the Gregorian calendar. */
export function daysOf(year: number, month: number, day: number): number {
  // Years are counted from March, so that the leap day is the last of its year; 400 years have 146,097 days.
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** 1 = Monday to 7 = Sunday; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function isDate(year: number, month: number, day: number): boolean {
  if (!(month >= 1 && month <= 12 && day >= 1)) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= DAYS_IN_MONTH[month - 1]! + (month === 2 && isLeap ? 1 : 0);
}

/** The whole number in `count` digits from `at`, NaN when one of them is no digit. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * The instant written in `bytes[from, to)`, NaN when it cannot be read. Known forms: ISO 8601 date (UTC midnight, whatever the clock),
 * date and time with `Z` or an offset, date and time without one (on `clock`), and a number since 1970 in seconds, milliseconds,
 * microseconds or nanoseconds, told apart by its size.
 */
export function parseStamp(bytes: Uint8Array, from: number, to: number, clock: LocalClock): EpochMs {
  const isIso = to - from >= 10 && bytes[from + 4] === DASH && bytes[from + 7] === DASH;
  return isIso ? parseIso(bytes, from, to, clock) : parseEpoch(parseNumber(bytes, from, to));
}

function parseEpoch(value: number): EpochMs {
  if (!(value >= LEAST_EPOCH)) return Number.NaN;
  if (value < 1e11) return value * 1e3;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

function parseIso(bytes: Uint8Array, from: number, to: number, clock: LocalClock): EpochMs {
  const year = digits(bytes, from, 4);
  const month = digits(bytes, from + 5, 2);
  const day = digits(bytes, from + 8, 2);
  if (!(year >= 0) || !isDate(year, month, day)) return Number.NaN;
  const midnight = daysOf(year, month, day) * DAY_MS;
  let at = from + 10;
  if (at === to) return midnight;
  if ((bytes[at] !== UPPER_T && bytes[at] !== SPACE) || to - at < 6 || bytes[at + 3] !== COLON) return Number.NaN;
  const hours = digits(bytes, at + 1, 2);
  const minutes = digits(bytes, at + 4, 2);
  at += 6;
  let ms = 0;
  if (at < to && bytes[at] === COLON) {
    if (to - at < 3) return Number.NaN;
    ms = digits(bytes, at + 1, 2) * 1e3;
    at += 3;
    if (!(ms < MINUTE_MS)) return Number.NaN;
    if (at < to && bytes[at] === DOT) {
      const start = at + 1;
      at = start;
      while (at < to && bytes[at]! >= ZERO && bytes[at]! <= ZERO + 9) at += 1;
      if (at === start || at - start > 9) return Number.NaN;
      ms += digits(bytes, start, at - start) / 10 ** (at - start - 3);
    }
  }
  if (!(hours < 24 && minutes < 60)) return Number.NaN;
  const local = midnight + (hours * 60 + minutes) * MINUTE_MS + ms;
  if (at === to) return clock(local);
  if (at + 1 === to && bytes[at] === UPPER_Z) return local;
  return local - offsetMs(bytes, at, to);
}

/** `+05:30`, `+0530` or `+05`. */
function offsetMs(bytes: Uint8Array, at: number, to: number): number {
  const sign = bytes[at] === PLUS ? 1 : bytes[at] === DASH ? -1 : Number.NaN;
  const length = to - at;
  const withColon = length === 6 && bytes[at + 3] === COLON;
  if (!withColon && length !== 5 && length !== 3) return Number.NaN;
  const hours = digits(bytes, at + 1, 2);
  const minutes = length === 3 ? 0 : digits(bytes, withColon ? at + 4 : at + 3, 2);
  if (!(hours <= 15 && minutes < 60)) return Number.NaN;
  return sign * (hours * 60 + minutes) * MINUTE_MS;
}

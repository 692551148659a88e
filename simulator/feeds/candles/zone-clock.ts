import { fixedZone, localClockOf, type TimeZone, UTC } from '../../../domain/market/calendar-zone.ts';
import type { LocalClock } from '../../../domain/market/csv-stamp.ts';
import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';

const OFFSET = /^([+-])(\d{2}):?([0-5]\d)$/;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Clocks before and after are those of the first and the last day. */
const FIRST_DAY = Date.UTC(1970, 0, 1);
const LAST_DAY = Date.UTC(2100, 0, 1);
/** Clocks are changed at most once within it. */
const STEP_MS = 7 * DAY_MS;

/** The clock of a zone: "UTC", an offset such as "-05:00", or an IANA name by the rules of the Node that runs. Throws a `RangeError` for what is none. */
export function clockOf(name: string): LocalClock {
  return localClockOf(zoneOf(name));
}

function zoneOf(name: string): TimeZone {
  if (name === 'UTC') return UTC;
  const [, sign, hours, minutes] = OFFSET.exec(name) ?? [];
  if (sign === undefined) return namedZone(name);
  return fixedZone(name, (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS);
}

function namedZone(name: string): TimeZone {
  const offset = offsetsOf(name);
  const starts = [Number.NEGATIVE_INFINITY];
  const offsets = [offset(FIRST_DAY)];
  for (let at = FIRST_DAY; at < LAST_DAY; at += STEP_MS) {
    if (offset(at + STEP_MS) === offsets.at(-1)) continue;
    const change = changeBetween(at, at + STEP_MS, offset);
    starts.push(change);
    offsets.push(offset(change));
  }
  return { name, starts: Float64Array.from(starts), offsets: Float64Array.from(offsets) };
}

/** The first minute at which the clocks are as they are at `to`. */
function changeBetween(from: EpochMs, to: EpochMs, offset: (at: EpochMs) => DurationMs): EpochMs {
  let [before, after] = [from, to];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offset(middle) === offset(to)) after = middle;
    else before = middle;
  }
  return after;
}

function offsetsOf(name: string): (at: EpochMs) => DurationMs {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? Number.NaN;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - at;
  };
}

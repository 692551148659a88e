import { fixedZone, type TimeZone, UTC } from './calendar-zone.ts';

const DAY_MS = 86_400_000;
const STEP_MS = 7 * DAY_MS;
/** 1960 to 2100: clocks before and after are those of the first and the last entry. */
const FROM = Date.UTC(1960, 0, 1);
const TO = Date.UTC(2100, 0, 1);

const OFFSET = /^([+-])(\d{2}):?(\d{2})$/;
const known = new Map<string, TimeZone>();

/**
 * A time zone by its IANA name ("America/New_York"), "UTC", or a fixed offset ("-05:00"). The rules are those of the Node that runs.
 * @throws {RangeError} naming the text when there is no such zone
 */
export function findTimeZone(name: string): TimeZone {
  if (name === 'UTC' || name === 'Z') return UTC;
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  const zone = fixed(name) ?? tableOf(name);
  known.set(name, zone);
  return zone;
}

function fixed(name: string): TimeZone | null {
  const match = OFFSET.exec(name);
  if (match === null) return null;
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (hours > 15 || minutes > 59) throw unknownZone(name);
  return fixedZone(name, (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000);
}

function unknownZone(name: string): RangeError {
  return new RangeError(
    `"${name}" is no time zone: give a name such as "America/New_York", "UTC", or an offset such as "-05:00"`,
  );
}

/** Every change of the zone's clocks, found by halving the weeks in which one lies. */
function tableOf(name: string): TimeZone {
  const offset = offsetReader(name);
  const starts = [Number.NEGATIVE_INFINITY];
  const offsets = [offset(FROM)];
  for (let time = FROM; time < TO; time += STEP_MS) {
    const before = offsets.at(-1)!;
    if (offset(time + STEP_MS) === before) continue;
    let [low, high] = [time, time + STEP_MS];
    while (high - low > 60_000) {
      const middle = low + Math.floor((high - low) / 120_000) * 60_000;
      if (offset(middle) === before) low = middle;
      else high = middle;
    }
    starts.push(high);
    offsets.push(offset(high));
  }
  return { name, starts: Float64Array.from(starts), offsets: Float64Array.from(offsets) };
}

function offsetReader(name: string): (time: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw unknownZone(name);
  }
  return (time) => {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const local = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second);
    return local - time;
  };
}

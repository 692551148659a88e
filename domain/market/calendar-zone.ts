import type { LocalClock } from './csv-stamp.ts';
import type { DurationMs, EpochMs } from './decimal.ts';

const DAY_MS = 86_400_000;

/** A time zone as a table: from `starts[i]` (UTC, rising) to the next one its clocks are `offsets[i]` ahead of UTC, in ms. */
export interface TimeZone {
  readonly name: string;
  readonly starts: Float64Array;
  readonly offsets: Float64Array;
}

/** A zone whose clocks never change. */
export function fixedZone(name: string, offsetMs: DurationMs): TimeZone {
  return { name, starts: Float64Array.of(Number.NEGATIVE_INFINITY), offsets: Float64Array.of(offsetMs) };
}

export const UTC: TimeZone = fixedZone('UTC', 0);

/** How far the zone's clocks are ahead of UTC at an instant. Before its table begins the first entry holds. */
export function offsetAt({ starts, offsets }: TimeZone, time: EpochMs): DurationMs {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= time) low = middle;
    else high = middle;
  }
  return offsets[low]!;
}

/** The instant at which the zone's clocks show `local`; NaN when they skip that time or show it twice. */
export function localClockOf(zone: TimeZone): LocalClock {
  return (local) => {
    const before = offsetAt(zone, local - DAY_MS);
    const after = offsetAt(zone, local + DAY_MS);
    if (before === after) return local - before;
    const isBefore = offsetAt(zone, local - before) === before;
    const isAfter = offsetAt(zone, local - after) === after;
    if (isBefore === isAfter) return Number.NaN;
    return local - (isBefore ? before : after);
  };
}

/** The instant at which something set for `local` happens: a skipped time comes when the clocks are put forward, a double one the first time. */
export function instantOf(zone: TimeZone, local: EpochMs): EpochMs {
  const before = offsetAt(zone, local - DAY_MS);
  if (offsetAt(zone, local - before) === before) return local - before;
  const after = offsetAt(zone, local + DAY_MS);
  return offsetAt(zone, local - after) === after ? local - after : local - before;
}

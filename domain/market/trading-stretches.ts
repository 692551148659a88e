import { instantOf, offsetAt, type TimeZone } from './calendar-zone.ts';
import type { EpochMs } from './decimal.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** How far ahead a change is looked for: markets that stand still for longer have no hours. */
const HORIZON_DAYS = 800;

/** Open from `open` on, until `close`, not included: minutes after the midnight of a local day. A close above 1440 is on a later day. */
export interface OpenMinutes {
  readonly open: number;
  readonly close: number;
}

/**
 * Trading hours by the local clock of a zone, day by day. A stretch lasts from the instant at which the clock shows its opening to the instant
 * at which it shows its close. Where the clock is put forward, a time that it skips comes as much later as the clock is put forward (02:30 of a
 * skipped hour is 03:30); where it is put back, a time that it shows twice is the first of the two. So a stretch over a change of the clock is an
 * hour longer or shorter than its times say, and one whose close comes no later than its opening is left out.
 */
export interface LocalHours {
  readonly zone: TimeZone;
  /** Stretches that begin on a day, counted from 1970-01-01. */
  readonly openOn: (day: number) => readonly OpenMinutes[];
  /** Longest time from the midnight of a stretch's day to its close, in days. */
  readonly longestDays: number;
}

/** Instants, the end not included. */
interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Whether trading goes on at an instant. */
export function isOpenAt(hours: LocalHours, instant: EpochMs): boolean {
  return closeAfter(hours, instant) !== null;
}

/** The first instant after `instant` at which trading begins or ends; `null` when there is none for two years. */
export function nextChangeAfter(hours: LocalHours, instant: EpochMs): EpochMs | null {
  return closeAfter(hours, instant) === null ? nextOpening(hours, instant) : lastClose(hours, instant);
}

/** Stretches that begin on the local days from `first` to `last`. */
function stretchesOf({ zone, openOn }: LocalHours, first: number, last: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let day = first; day <= last; day += 1) {
    for (const { open, close } of openOn(day)) {
      const from = instantOf(zone, day * DAY_MS + open * MINUTE_MS);
      const to = instantOf(zone, day * DAY_MS + close * MINUTE_MS);
      if (to > from) stretches.push({ from, to });
    }
  }
  return stretches;
}

/** Latest end of the stretches that contain an instant; `null` when none does. */
function closeAfter(hours: LocalHours, instant: EpochMs): EpochMs | null {
  const day = localDay(hours, instant);
  // Around a change of the clock the local day of an instant may differ by one from the day that a stretch counts from.
  const near = stretchesOf(hours, day - hours.longestDays, day + 1);
  const around = near.filter(({ from, to }) => from <= instant && instant < to).map(({ to }) => to);
  return around.length === 0 ? null : Math.max(...around);
}

/** The end of stretches that meet or overlap, the first of which contains `instant`. */
function lastClose(hours: LocalHours, instant: EpochMs): EpochMs | null {
  let close = instant;
  for (let next = closeAfter(hours, instant); next !== null; next = closeAfter(hours, close)) {
    close = next;
    if (close > instant + HORIZON_DAYS * DAY_MS) return null;
  }
  return close;
}

function nextOpening(hours: LocalHours, instant: EpochMs): EpochMs | null {
  const first = localDay(hours, instant) - 1;
  for (let day = first; day <= first + HORIZON_DAYS; day += 1) {
    // The day after as well: a clock that skips midnight may let its stretches begin before those of the day.
    const later = stretchesOf(hours, day, day + 1).filter(({ from }) => from > instant);
    if (later.length > 0) return Math.min(...later.map(({ from }) => from));
  }
  return null;
}

function localDay({ zone }: LocalHours, instant: EpochMs): number {
  return Math.floor((instant + offsetAt(zone, instant)) / DAY_MS);
}

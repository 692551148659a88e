import type { EpochMs } from '../../domain/market/decimal.ts';

/** Where a feed's own time stands in venue time: `feedAt` happens at `at`, and from there `speed` times as fast. */
export interface TimeMap {
  readonly feedAt: EpochMs;
  readonly at: EpochMs;
  readonly speed: number;
}

/** Venue time (whole ms) of feed time `t`: `at + (t - feedAt) / speed`. */
export function venueTime(map: TimeMap, t: EpochMs): EpochMs {
  return Math.round(map.at + (t - map.feedAt) / map.speed);
}

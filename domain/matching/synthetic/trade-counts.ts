import { hash } from './noise.ts';

const MINUTES_PER_DAY = 1440;
const MEAN_TRADES_PER_MINUTE = 144;
/** How much one minute may take from the next: below the quietest minute's own count, so that every minute trades. */
const JITTER = 40;

/**
 * How busy a minute of the UTC day is against the mean: a parabola, 1.8 at midnight and 0.6 at noon, mean 1: the U shape of
 * intraday volume.
 * @see Wood, McInish, Ord (1985), "An investigation of transactions data for NYSE stocks", Journal of Finance 40(3)
 */
export function activity(minuteOfDay: number): number {
  const fromNoon = (2 * minuteOfDay) / MINUTES_PER_DAY - 1;
  return 0.6 + 1.2 * fromNoon * fromNoon;
}

/** Trades before each minute of a day, and of the whole day at the end. */
const CUMULATIVE: readonly number[] = (() => {
  const counts = [0];
  for (let minute = 0; minute < MINUTES_PER_DAY; minute += 1) {
    counts.push((counts[minute] as number) + Math.round(MEAN_TRADES_PER_MINUTE * activity(minute)));
  }
  return counts;
})();

/**
 * The number of synthetic trades from 1970 to the start of `minute` (minutes since 1970), in constant time and without generating
 * any: the profile's own total plus a hash that shifts trades between neighbouring minutes.
 */
export function tradesBefore(seed: number, minute: number): number {
  const day = Math.floor(minute / MINUTES_PER_DAY);
  const ofDay = minute - day * MINUTES_PER_DAY;
  const perDay = CUMULATIVE[MINUTES_PER_DAY] as number;
  return day * perDay + (CUMULATIVE[ofDay] as number) + (hash(seed, minute) % JITTER);
}

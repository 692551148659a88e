import { type MarketDays, UTC_DAYS } from '../../market/market-days.ts';
import { type Undefined, undefinedBecause } from './figure.ts';

/** The equity at the end of each day that has a bar. */
export interface DailyEquity {
  /** The start, then the last equity of each day. */
  readonly equity: Float64Array;
  /** Midnight UTC of the date of each day, in milliseconds since 1970: one value fewer than `equity`. */
  readonly days: Float64Array;
}

/**
 * Takes the last equity of each day.
 *
 * The first bar is the start: its close is when a strategy can first decide, and what is there before it does is `start`. A bar belongs
 * to the day in which it closes; one that closes at midnight to the day that ends. A day without a bar has no value: with sessions that
 * is right, and a 24/7 market that skips days is a gap of the data.
 *
 * @param marketDays UTC days by default.
 */
export function dailyEquity(
  equity: Float64Array,
  closeTimes: Float64Array,
  start: number,
  marketDays: MarketDays = UTC_DAYS,
): DailyEquity {
  const ends: number[] = [start];
  const days: number[] = [];
  let bar = 1;
  while (bar < equity.length) {
    const end = marketDays.endOf(closeTimes[bar]!);
    bar = firstAfter(closeTimes, bar, equity.length, end);
    ends.push(equity[bar - 1]!);
    days.push(marketDays.dateOf(end));
  }
  return { equity: Float64Array.from(ends), days: Float64Array.from(days) };
}

/** The first bar from `from` on (or `end`) that closes after `time`: by doubling steps, since days have many bars and runs many days. */
function firstAfter(closeTimes: Float64Array, from: number, end: number, time: number): number {
  let [low, step] = [from, 1];
  while (low + step < end && closeTimes[low + step]! <= time) {
    low += step;
    step *= 2;
  }
  // The bar sought lies beyond `low`, and not beyond `high`.
  let high = Math.min(low + step, end);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (closeTimes[middle]! <= time) low = middle;
    else high = middle;
  }
  return high;
}

/** E[i] / E[i - 1] - 1. Not defined when a value other than the last is 0 or less: nothing is a share of it. */
export function returnsOf(equity: Float64Array): Float64Array | Undefined {
  const returns = new Float64Array(Math.max(0, equity.length - 1));
  for (let i = 0; i < returns.length; i++) {
    if (!(equity[i]! > 0)) return undefinedBecause(`the equity fell to ${equity[i]}: there is no return on it`);
    returns[i] = equity[i + 1]! / equity[i]! - 1;
  }
  return returns;
}

/** The returns of days, of the equity at the closes of bars. */
export function dailyReturns(
  equity: Float64Array,
  closeTimes: Float64Array,
  start: number,
  marketDays: MarketDays = UTC_DAYS,
): Float64Array | Undefined {
  return returnsOf(dailyEquity(equity, closeTimes, start, marketDays).equity);
}

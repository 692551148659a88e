import { type Undefined, undefinedBecause } from './figure.ts';

const DAY_MS = 86_400_000;

/** The equity at the end of each day that has a bar. */
export interface DailyEquity {
  /** The start, then the last equity of each day. */
  readonly equity: Float64Array;
  /** Start of each day in milliseconds since 1970 UTC: one value fewer than `equity`. */
  readonly days: Float64Array;
}

/**
 * Takes the last equity of each day.
 *
 * The first bar is the start: its close is when a strategy can first decide, and what is there before it does is `start`. A bar belongs
 * to the day in which it closes; one that closes at midnight to the day that ends. A day without a bar has no value: with sessions that
 * is right, and a 24/7 market that skips days is a gap of the data. `dayStartMs` moves the start of the day from midnight UTC, for
 * sessions across it.
 */
export function dailyEquity(
  equity: Float64Array,
  closeTimes: Float64Array,
  start: number,
  dayStartMs = 0,
): DailyEquity {
  const dayOf = (bar: number): number => Math.floor((closeTimes[bar]! - 1 - dayStartMs) / DAY_MS);
  let count = 0;
  for (let bar = 1; bar < equity.length; bar++) if (bar === 1 || dayOf(bar) !== dayOf(bar - 1)) count += 1;
  const daily = new Float64Array(count + 1);
  const days = new Float64Array(count);
  daily[0] = start;
  let row = 0;
  for (let bar = 1; bar < equity.length; bar++) {
    if (bar === 1 || dayOf(bar) !== dayOf(bar - 1)) {
      days[row] = dayOf(bar) * DAY_MS + dayStartMs;
      row += 1;
    }
    daily[row] = equity[bar]!;
  }
  return { equity: daily, days };
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
  dayStartMs = 0,
): Float64Array | Undefined {
  return returnsOf(dailyEquity(equity, closeTimes, start, dayStartMs).equity);
}

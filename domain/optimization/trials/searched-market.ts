import { type Candles, closeTime } from '../../market/candles.ts';
import type { EpochMs } from '../../market/decimal.ts';

/**
 * What a search has looked at of one symbol. By it other searches of the same market are found, whatever it was called and whatever its bars:
 * the last price of a day is that of its last bar, be it a minute or a day long, and a bar less changes one day at most.
 */
export interface SearchedMarket {
  readonly symbol: string;
  /** Open of the first bar, and close of the last. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Days, counted from 1970-01-01 UTC, rising, and the last price of each. */
  readonly days: readonly number[];
  readonly closes: readonly number[];
}

const DAY_MS = 86_400_000;

/** What a search over the bars that open in [from, to) looks at; without days where the symbol has no bar in it. */
export function searchedMarket(candles: Candles, from: EpochMs, to: EpochMs): SearchedMarket {
  const { symbol, time, close, length } = candles;
  const days: number[] = [];
  const closes: number[] = [];
  let end = from;
  for (let bar = 0; bar < length; bar++) {
    if (time[bar]! < from || time[bar]! >= to) continue;
    end = closeTime(candles, bar);
    // A bar that closes at midnight is of the day before.
    const day = Math.floor((end - 1) / DAY_MS);
    if (days.at(-1) === day) closes.pop();
    else days.push(day);
    closes.push(close[bar]!);
  }
  return { symbol, from, to: end, days, closes };
}

import Big from 'big.js';
import type { Decimal, EpochMs } from '../../../domain/market/decimal.ts';
import type { ListedMarket } from '../../exchange/listed-market.ts';
import { type Bar, barOf, joinBars, MINUTE_MS } from '../../exchange/minute-bars.ts';
import { amount } from './format.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 1970-01-01 was a Thursday; Binance's weeks begin on Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** Candle intervals of a fixed length, in ms, and `1M`, a calendar month. */
export const INTERVALS = {
  '1s': SECOND_MS,
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
  '1M': null,
} as const;
export type Interval = keyof typeof INTERVALS;

/** Which candles are wanted: from `from` on the earliest, else the latest up to `to`. */
export interface CandleRange {
  readonly from: EpochMs | null;
  readonly to: EpochMs;
  readonly limit: number;
}

/**
 * Candles of a market's tape in Binance's rows, oldest first. An interval without a trade repeats the last close with no volume, as Binance does;
 * there is none before the first trade.
 */
export function candles(listed: ListedMarket, interval: Interval, range: CandleRange): readonly (readonly unknown[])[] {
  const first = firstKnown(listed, interval);
  if (first === null) return [];
  const start = openTimes(interval, Math.max(range.from ?? 0, first));
  const last = openTimes(interval, range.to).open;
  const opens: EpochMs[] = [];
  if (range.from === null) {
    for (let at = last; at >= start.open && opens.length < range.limit; at = openTimes(interval, at - 1).open)
      opens.unshift(at);
  } else {
    const begin = start.open < range.from ? start.next : start.open;
    for (let at = begin; at <= last && opens.length < range.limit; at = openTimes(interval, at).next) opens.push(at);
  }
  return rows(listed, interval, opens);
}

/**
 * From when on there is a price for every candle. Of the first minute only its prints tell in which second it began to have one; where these are not
 * kept, the seconds after it have its close.
 */
function firstKnown({ bars, tape }: ListedMarket, interval: Interval): EpochMs | null {
  const first = bars.first();
  if (first === null || interval !== '1s') return first?.openTime ?? null;
  const after = first.openTime + MINUTE_MS;
  return tape.between(first.openTime, after - 1, 1)[0]?.at ?? after;
}

/** When the interval that holds `at` opens, and when the next one does. */
export function openTimes(interval: Interval, at: EpochMs): { readonly open: EpochMs; readonly next: EpochMs } {
  const length = INTERVALS[interval];
  if (length === null) {
    const date = new Date(at);
    return {
      open: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1),
      next: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1),
    };
  }
  const origin = interval === '1w' ? FIRST_MONDAY_MS : 0;
  const open = Math.floor((at - origin) / length) * length + origin;
  return { open, next: open + length };
}

/** The candle that opens at `open` as far as the tape has it: its trades, if any, and the price at which it stands, if there was ever a trade. */
export function candleAt(
  listed: ListedMarket,
  interval: Interval,
  open: EpochMs,
): { readonly bar: Bar | null; readonly close: Decimal | null } {
  const bar = joinedBars(listed, interval, open, openTimes(interval, open).next).get(open) ?? null;
  return { bar, close: bar?.close ?? closeBefore(listed, interval, open) };
}

function rows(listed: ListedMarket, interval: Interval, opens: readonly EpochMs[]): readonly (readonly unknown[])[] {
  const firstOpen = opens[0];
  const lastOpen = opens.at(-1);
  if (firstOpen === undefined || lastOpen === undefined) return [];
  const joined = joinedBars(listed, interval, firstOpen, openTimes(interval, lastOpen).next);
  let close = closeBefore(listed, interval, firstOpen);
  const found: (readonly unknown[])[] = [];
  for (const open of opens) {
    const bar = joined.get(open);
    close = bar?.close ?? close;
    if (close !== null) found.push(row(bar ?? null, close, open, openTimes(interval, open).next - 1));
  }
  return found;
}

function joinedBars(listed: ListedMarket, interval: Interval, from: EpochMs, next: EpochMs): ReadonlyMap<EpochMs, Bar> {
  const fine =
    interval === '1s'
      ? listed.tape.between(from, next - 1, Number.POSITIVE_INFINITY).map((print) => barOf(print, print.at))
      : listed.bars.between(from, next - 1);
  const joined = new Map<EpochMs, Bar>();
  for (const bar of fine) {
    const { open } = openTimes(interval, bar.openTime);
    const known = joined.get(open);
    joined.set(open, known === undefined ? bar : joinBars(known, bar));
  }
  return joined;
}

function closeBefore(listed: ListedMarket, interval: Interval, open: EpochMs): string | null {
  if (interval !== '1s') return listed.bars.before(open)?.close ?? null;
  const minute = Math.floor(open / MINUTE_MS) * MINUTE_MS;
  const inMinute = listed.tape.between(minute, open - 1, Number.POSITIVE_INFINITY).at(-1);
  return inMinute?.price ?? listed.bars.before(minute)?.close ?? null;
}

function row(bar: Bar | null, close: string, openTime: EpochMs, closeTime: EpochMs): readonly unknown[] {
  const none = new Big(0);
  return [
    openTime,
    amount(bar?.open ?? close),
    amount(bar?.high ?? close),
    amount(bar?.low ?? close),
    amount(close),
    amount(bar?.volume ?? none),
    closeTime,
    amount(bar?.quoteVolume ?? none),
    bar?.count ?? 0,
    amount(bar?.takerBuyVolume ?? none),
    amount(bar?.takerBuyQuoteVolume ?? none),
    '0',
  ];
}

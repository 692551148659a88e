import Big from 'big.js';
import { barOpen, gridOf } from '../../../domain/market/bar-grid.ts';
import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import { canResample } from '../../../domain/market/resample.ts';
import type { Timeframe } from '../../../domain/market/timeframe.ts';
import type { BarMarket, ShownBar } from '../../../domain/matching/bar-market/bar-market.ts';
import { type CandleRange, INTERVALS, type Interval, openTimes } from './candles.ts';
import { amount } from './format.ts';

const DAY_MS = 86_400_000;

/** A candle of a market that replays bars, in recorded time. */
export interface ReplayedCandle extends ShownBar {
  readonly closeTime: EpochMs;
  /** Whether all its bars have closed. */
  readonly isClosed: boolean;
}

/** The intervals of which a market that replays bars has candles: that of its bars, whatever it is, and those that whole bars fill. */
export function replayedIntervals({ bars }: BarMarket): readonly string[] {
  const known = (Object.keys(INTERVALS) as Interval[]).filter((interval) => {
    return interval === '1M' ? DAY_MS % gridOf(bars.timeframe).stepMs === 0 : canResample(bars.timeframe, interval);
  });
  return [...new Set<string>([...known, bars.timeframe])];
}

/** Candles in Binance's rows, oldest first, the running one among them: times are recorded ones, told `shiftMs` later. */
export function replayedRows(
  market: BarMarket,
  interval: string,
  range: CandleRange,
  shiftMs: DurationMs,
): readonly (readonly unknown[])[] {
  return replayedCandles(market, interval, range).map((candle) => [
    candle.time + shiftMs,
    amount(candle.open),
    amount(candle.high),
    amount(candle.low),
    amount(candle.close),
    amount(candle.volume),
    candle.closeTime - 1 + shiftMs,
    amount(quoteVolume(candle)),
    0,
    amount('0'),
    amount('0'),
    '0',
  ]);
}

/** Candles that open within the range, oldest first: the earliest when it has a beginning, else the latest. */
export function replayedCandles(market: BarMarket, interval: string, range: CandleRange): readonly ReplayedCandle[] {
  const { bars, closed } = market;
  const spanOf = spans(interval);
  const found: ReplayedCandle[] = [];
  const { from, to, limit } = range;
  if (from === null) {
    for (let index = indexAt(market, to + 1) - 1; index >= 0 && found.length < limit;) {
      const { open, next } = spanOf(bars.timeOf(index));
      found.unshift(candleOf(market, open, next));
      index = indexAt(market, open) - 1;
    }
    return found;
  }
  const start = spanOf(from);
  for (let index = indexAt(market, start.open < from ? start.next : start.open); index <= closed;) {
    const { open, next } = spanOf(bars.timeOf(index));
    if (open > to || found.length >= limit) break;
    found.push(candleOf(market, open, next));
    index = indexAt(market, next);
  }
  return found;
}

/** The first bar, of those that have closed or begun, that opens at `time` or later; one beyond the last of them when none does. */
function indexAt({ bars, closed }: BarMarket, time: EpochMs): number {
  const index = bars.indexAt(time);
  if (index < closed) return index;
  return bars.timeOf(closed) >= time ? closed : closed + 1;
}

/** Of the trades behind a bar only the volume is known: at the close. */
export function quoteVolume({ close, volume }: ShownBar): Big {
  return new Big(close).times(volume);
}

function candleOf(market: BarMarket, open: EpochMs, next: EpochMs): ReplayedCandle {
  const { bars, closed } = market;
  const last = indexAt(market, next) - 1;
  let candle: ShownBar | null = null;
  for (let index = indexAt(market, open); index <= last; index += 1) {
    const bar = market.shown(index);
    // A bar that has begun and not opened has no price of its own.
    if (index === closed && candle !== null && market.position.phase === 'close') break;
    candle = candle === null ? { ...bar, time: open } : joined(candle, bar);
  }
  if (candle === null) throw new Error(`there is no bar between ${open} and ${next}`);
  return { ...candle, closeTime: next, isClosed: bars.timeOf(closed) >= next };
}

function joined(candle: ShownBar, bar: ShownBar): ShownBar {
  return {
    time: candle.time,
    open: candle.open,
    high: new Big(bar.high).gt(candle.high) ? bar.high : candle.high,
    low: new Big(bar.low).lt(candle.low) ? bar.low : candle.low,
    close: bar.close,
    volume: new Big(candle.volume).plus(bar.volume).toFixed(),
  };
}

function spans(interval: string): (at: EpochMs) => { readonly open: EpochMs; readonly next: EpochMs } {
  if (Object.hasOwn(INTERVALS, interval)) return (at) => openTimes(interval as Interval, at);
  const grid = gridOf(interval satisfies Timeframe);
  return (at) => {
    const open = barOpen(grid, at);
    return { open, next: open + grid.stepMs };
  };
}

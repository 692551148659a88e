import type { Candles } from '../../market/candles.ts';

/** Candles as the page gets them: columns of plain numbers. */
export interface CandleColumns {
  readonly symbol: string;
  readonly times: number[];
  readonly open: number[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  /** Bars of the data in one candle of the picture; the last one may hold fewer. */
  readonly barsPerCandle: number;
}

/** Joins bars until at most `most` candles are left, each as a candle of the longer time would be. For pictures only: groups start at the first bar. */
export function thinCandles(candles: Candles, most: number): CandleColumns {
  const { symbol, length, time, open, high, low, close } = candles;
  const barsPerCandle = Math.max(1, Math.ceil(length / most));
  const thinned: CandleColumns = { symbol, times: [], open: [], high: [], low: [], close: [], barsPerCandle };
  for (let from = 0; from < length; from += barsPerCandle) {
    const to = Math.min(length, from + barsPerCandle);
    let highest = high[from]!;
    let lowest = low[from]!;
    for (let i = from + 1; i < to; i++) {
      if (high[i]! > highest) highest = high[i]!;
      if (low[i]! < lowest) lowest = low[i]!;
    }
    thinned.times.push(time[from]!);
    thinned.open.push(open[from]!);
    thinned.high.push(highest);
    thinned.low.push(lowest);
    thinned.close.push(close[to - 1]!);
  }
  return thinned;
}

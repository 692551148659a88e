import { AverageBefore, dojiLimit, RANGE_BARS, realBody } from './candle.ts';
import { candlePattern, type CandleColumns, type PatternSearch } from './candle-pattern.ts';

/** Doji: open and close are equal but for a tenth of the average range of the ten candles before. 100, which is not bullish here. */
export const cdldoji = candlePattern({
  name: 'CDLDOJI',
  title: 'Doji',
  lookback: RANGE_BARS,
  search: () => new Doji(),
});

class Doji implements PatternSearch {
  readonly #range = new AverageBefore(RANGE_BARS, 0);

  next(bars: CandleColumns, i: number): number {
    const open = bars.open[i]!;
    const high = bars.high[i]!;
    const low = bars.low[i]!;
    const close = bars.close[i]!;
    const found = realBody(open, close) <= dojiLimit(this.#range.value);
    this.#range.take(high - low);
    return found ? 100 : 0;
  }
}

import { AverageBefore, type CandleColumns, DOJI_SHARE, RANGE_BARS, realBody } from './candle.ts';
import { candlePattern, type PatternSearch } from './candle-pattern.ts';

/** Doji: open and close are equal but for a tenth of the average range of the ten candles before. 100, which is not bullish here. */
export const cdldoji = candlePattern({
  name: 'CDLDOJI',
  title: 'Doji',
  lookback: RANGE_BARS,
  search: () => new Doji(),
});

class Doji implements PatternSearch {
  readonly #range = new AverageBefore('ranges', RANGE_BARS);

  at(bars: CandleColumns, i: number): number {
    return realBody(bars, i) <= DOJI_SHARE * this.#range.at(bars, i) ? 100 : 0;
  }
}

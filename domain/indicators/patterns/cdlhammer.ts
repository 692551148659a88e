import {
  AverageBefore,
  BODY_BARS,
  bodyBottom,
  bodyTop,
  NEAR_BARS,
  nearLimit,
  RANGE_BARS,
  realBody,
  veryShortLimit,
} from './candle.ts';
import { candlePattern, type CandleColumns, type PatternSearch } from './candle-pattern.ts';

/**
 * Hammer: a small body, a lower shadow longer than the body, hardly an upper shadow, and the body near or below the low of the candle
 * before. 100. Whether it comes after a fall is left to the caller.
 */
export const cdlhammer = candlePattern({
  name: 'CDLHAMMER',
  title: 'Hammer',
  lookback: 11,
  search: () => new Hammer(),
});

class Hammer implements PatternSearch {
  readonly #body = new AverageBefore(BODY_BARS, 1);
  readonly #range = new AverageBefore(RANGE_BARS, 1);
  /** Of the candles before the one before. */
  readonly #nearRange = new AverageBefore(NEAR_BARS, 6);
  #lowBefore = Number.NaN;
  #rangeBefore = Number.NaN;

  next(bars: CandleColumns, i: number): number {
    const open = bars.open[i]!;
    const high = bars.high[i]!;
    const low = bars.low[i]!;
    const close = bars.close[i]!;
    const body = realBody(open, close);
    const bottom = bodyBottom(open, close);
    const found =
      body < this.#body.value &&
      bottom - low > body &&
      high - bodyTop(open, close) < veryShortLimit(this.#range.value) &&
      bottom <= this.#lowBefore + nearLimit(this.#nearRange.value);
    this.#body.take(body);
    this.#range.take(high - low);
    this.#nearRange.take(this.#rangeBefore);
    this.#lowBefore = low;
    this.#rangeBefore = high - low;
    return found ? 100 : 0;
  }
}

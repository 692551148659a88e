import {
  AverageBefore,
  BODY_BARS,
  bodyBottom,
  type CandleColumns,
  lowerShadow,
  NEAR_BARS,
  NEAR_SHARE,
  RANGE_BARS,
  realBody,
  upperShadow,
  VERY_SHORT_SHARE,
} from './candle.ts';
import { candlePattern, type PatternSearch } from './candle-pattern.ts';

/**
 * Hammer: a small body, a lower shadow longer than the body, hardly an upper shadow, and the body near or below the low of the candle
 * before. 100. Whether it comes after a fall is left to the caller.
 */
export const cdlhammer = candlePattern({
  name: 'CDLHAMMER',
  title: 'Hammer',
  lookback: BODY_BARS + 1,
  search: () => new Hammer(),
});

class Hammer implements PatternSearch {
  readonly #body = new AverageBefore('bodies', BODY_BARS);
  readonly #range = new AverageBefore('ranges', RANGE_BARS);
  readonly #nearRange = new AverageBefore('ranges', NEAR_BARS);

  at(bars: CandleColumns, i: number): number {
    const shortBody = this.#body.at(bars, i);
    const veryShort = VERY_SHORT_SHARE * this.#range.at(bars, i);
    const near = NEAR_SHARE * this.#nearRange.at(bars, i - 1);
    const body = realBody(bars, i);
    const found =
      body < shortBody &&
      lowerShadow(bars, i) > body &&
      upperShadow(bars, i) < veryShort &&
      bodyBottom(bars, i) <= bars.low[i - 1]! + near;
    return found ? 100 : 0;
  }
}

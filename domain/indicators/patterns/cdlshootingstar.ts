import {
  AverageBefore,
  BODY_BARS,
  bodyBottom,
  bodyTop,
  type CandleColumns,
  lowerShadow,
  RANGE_BARS,
  realBody,
  upperShadow,
  VERY_SHORT_SHARE,
} from './candle.ts';
import { candlePattern, type PatternSearch } from './candle-pattern.ts';

/**
 * Shooting star: a small body, an upper shadow longer than the body, hardly a lower shadow, and a gap up from the body before. -100.
 * Whether it comes after a rise is left to the caller.
 */
export const cdlshootingstar = candlePattern({
  name: 'CDLSHOOTINGSTAR',
  title: 'Shooting star',
  lookback: BODY_BARS + 1,
  search: () => new ShootingStar(),
});

class ShootingStar implements PatternSearch {
  readonly #body = new AverageBefore('bodies', BODY_BARS);
  readonly #range = new AverageBefore('ranges', RANGE_BARS);

  at(bars: CandleColumns, i: number): number {
    const shortBody = this.#body.at(bars, i);
    const veryShort = VERY_SHORT_SHARE * this.#range.at(bars, i);
    const body = realBody(bars, i);
    const found =
      body < shortBody &&
      upperShadow(bars, i) > body &&
      lowerShadow(bars, i) < veryShort &&
      bodyBottom(bars, i) > bodyTop(bars, i - 1);
    return found ? -100 : 0;
  }
}

import { AverageBefore, BODY_BARS, bodyBottom, bodyTop, RANGE_BARS, realBody, veryShortLimit } from './candle.ts';
import { candlePattern, type CandleColumns, type PatternSearch } from './candle-pattern.ts';

/**
 * Shooting star: a small body, an upper shadow longer than the body, hardly a lower shadow, and a gap up from the body before. -100.
 * Whether it comes after a rise is left to the caller.
 */
export const cdlshootingstar = candlePattern({
  name: 'CDLSHOOTINGSTAR',
  title: 'Shooting star',
  lookback: 11,
  search: () => new ShootingStar(),
});

class ShootingStar implements PatternSearch {
  readonly #body = new AverageBefore(BODY_BARS, 1);
  readonly #range = new AverageBefore(RANGE_BARS, 1);
  #topBefore = Number.NaN;

  next(bars: CandleColumns, i: number): number {
    const open = bars.open[i]!;
    const high = bars.high[i]!;
    const low = bars.low[i]!;
    const close = bars.close[i]!;
    const body = realBody(open, close);
    const top = bodyTop(open, close);
    const bottom = bodyBottom(open, close);
    const found =
      body < this.#body.value &&
      high - top > body &&
      bottom - low < veryShortLimit(this.#range.value) &&
      bottom > this.#topBefore;
    this.#body.take(body);
    this.#range.take(high - low);
    this.#topBefore = top;
    return found ? -100 : 0;
  }
}

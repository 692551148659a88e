import { AverageBefore, BODY_BARS, bodyBottom, bodyTop, isWhite, realBody } from './candle.ts';
import { candlePattern, type CandleColumns, type PatternSearch } from './candle-pattern.ts';

/**
 * Harami: a short body inside the long body of the candle before. 100 bullish (that one is black), -100 bearish (it is white); 80 and
 * -80 when one end of the bodies is the same.
 */
export const cdlharami = candlePattern({
  name: 'CDLHARAMI',
  title: 'Harami',
  lookback: 11,
  search: () => new Harami(),
});

class Harami implements PatternSearch {
  /** Of the candles before the one before. */
  readonly #longBody = new AverageBefore(BODY_BARS, 1);
  readonly #shortBody = new AverageBefore(BODY_BARS, 1);
  #openBefore = Number.NaN;
  #closeBefore = Number.NaN;
  #bodyBefore = Number.NaN;

  next(bars: CandleColumns, i: number): number {
    const open = bars.open[i]!;
    const close = bars.close[i]!;
    const body = realBody(open, close);
    const found = this.#bodyBefore > this.#longBody.value && body <= this.#shortBody.value;
    const strength = found ? this.#inside(open, close) : 0;
    const value = strength !== 0 && isWhite(this.#openBefore, this.#closeBefore) ? -strength : strength;
    this.#longBody.take(this.#bodyBefore);
    this.#shortBody.take(body);
    this.#openBefore = open;
    this.#closeBefore = close;
    this.#bodyBefore = body;
    return value;
  }

  /** 100 for a body inside the one before, 80 when one end or both are the same, 0 when it is not inside. */
  #inside(open: number, close: number): number {
    const top = bodyTop(open, close);
    const bottom = bodyBottom(open, close);
    const topBefore = bodyTop(this.#openBefore, this.#closeBefore);
    const bottomBefore = bodyBottom(this.#openBefore, this.#closeBefore);
    if (top < topBefore && bottom > bottomBefore) return 100;
    return top <= topBefore && bottom >= bottomBefore ? 80 : 0;
  }
}

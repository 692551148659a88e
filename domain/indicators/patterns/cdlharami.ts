import { AverageBefore, BODY_BARS, bodyBottom, bodyTop, type CandleColumns, isWhite, realBody } from './candle.ts';
import { candlePattern, type PatternSearch } from './candle-pattern.ts';

/**
 * Harami: a short body inside the long body of the candle before. 100 bullish (that one is black), -100 bearish (it is white); 80 and
 * -80 when one end of the bodies is the same.
 */
export const cdlharami = candlePattern({
  name: 'CDLHARAMI',
  title: 'Harami',
  lookback: BODY_BARS + 1,
  search: () => new Harami(),
});

class Harami implements PatternSearch {
  readonly #long = new AverageBefore('bodies', BODY_BARS);
  readonly #short = new AverageBefore('bodies', BODY_BARS);

  at(bars: CandleColumns, i: number): number {
    const long = this.#long.at(bars, i - 1);
    const short = this.#short.at(bars, i);
    if (!(realBody(bars, i - 1) > long && realBody(bars, i) <= short)) return 0;
    const strength = inside(bars, i);
    if (strength === 0) return 0;
    return isWhite(bars, i - 1) ? -strength : strength;
  }
}

/** 100 for a body inside the one before, 80 when one end or both are the same, 0 when it is not inside. */
function inside(bars: CandleColumns, i: number): number {
  const top = bodyTop(bars, i);
  const bottom = bodyBottom(bars, i);
  const topBefore = bodyTop(bars, i - 1);
  const bottomBefore = bodyBottom(bars, i - 1);
  if (top < topBefore && bottom > bottomBefore) return 100;
  return top <= topBefore && bottom >= bottomBefore ? 80 : 0;
}

import type { ParamSpec } from '../../parameters/param-spec.ts';
import { AverageBefore, BODY_BARS, bodyBottom, bodyTop, type CandleColumns, isWhite, realBody } from './candle.ts';
import type { PatternSearch } from './candle-pattern.ts';

export const STAR_LOOKBACK = BODY_BARS + 2;

/** How far the last candle must come back, in TA-Lib's range. */
export const penetration: ParamSpec = {
  name: 'penetration',
  kind: 'number',
  title: 'Share of the first body that the last close must come back',
  min: 0,
  max: 3e37,
  default: 0.3,
};

/**
 * The morning star, and with the prices turned over the evening star: a long black body, a short body that gaps down from it, and a
 * white body that is not short and closes well within the first.
 */
export class Star implements PatternSearch {
  readonly #isMorning: boolean;
  readonly #penetration: number;
  /** Each of the candles before the one that it is compared with: the first, the second and the third of the pattern. */
  readonly #long = new AverageBefore('bodies', BODY_BARS);
  readonly #short = new AverageBefore('bodies', BODY_BARS);
  readonly #notShort = new AverageBefore('bodies', BODY_BARS);

  constructor(isMorning: boolean, share: number) {
    this.#isMorning = isMorning;
    this.#penetration = share;
  }

  at(bars: CandleColumns, i: number): number {
    const long = this.#long.at(bars, i - 2);
    const short = this.#short.at(bars, i - 1);
    const notShort = this.#notShort.at(bars, i);
    if (!(realBody(bars, i - 2) > long && realBody(bars, i - 1) <= short && realBody(bars, i) > notShort)) return 0;
    const comesBack = realBody(bars, i - 2) * this.#penetration;
    if (this.#isMorning) return rises(bars, i, comesBack) ? 100 : 0;
    return falls(bars, i, comesBack) ? -100 : 0;
  }
}

function rises(bars: CandleColumns, i: number, comesBack: number): boolean {
  return (
    !isWhite(bars, i - 2) &&
    bodyTop(bars, i - 1) < bodyBottom(bars, i - 2) &&
    isWhite(bars, i) &&
    bars.close[i]! > bars.close[i - 2]! + comesBack
  );
}

function falls(bars: CandleColumns, i: number, comesBack: number): boolean {
  return (
    isWhite(bars, i - 2) &&
    bodyBottom(bars, i - 1) > bodyTop(bars, i - 2) &&
    !isWhite(bars, i) &&
    bars.close[i]! < bars.close[i - 2]! - comesBack
  );
}

import type { ParamSpec } from '../../parameters/param-spec.ts';
import { AverageBefore, BODY_BARS, bodyBottom, bodyTop, isWhite, realBody } from './candle.ts';
import type { CandleColumns, PatternSearch } from './candle-pattern.ts';

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
  readonly #long = new AverageBefore(BODY_BARS, 2);
  readonly #short = new AverageBefore(BODY_BARS, 2);
  readonly #notShort = new AverageBefore(BODY_BARS, 2);
  #open1 = Number.NaN;
  #close1 = Number.NaN;
  #body1 = Number.NaN;
  #open2 = Number.NaN;
  #close2 = Number.NaN;
  #body2 = Number.NaN;

  constructor(isMorning: boolean, share: number) {
    this.#isMorning = isMorning;
    this.#penetration = share;
  }

  next(bars: CandleColumns, i: number): number {
    const open = bars.open[i]!;
    const close = bars.close[i]!;
    const body = realBody(open, close);
    const found =
      this.#body1 > this.#long.value &&
      this.#body2 <= this.#short.value &&
      body > this.#notShort.value &&
      (this.#isMorning ? this.#rises(open, close) : this.#falls(open, close));
    this.#long.take(this.#body1);
    this.#short.take(this.#body2);
    this.#notShort.take(body);
    this.#open1 = this.#open2;
    this.#close1 = this.#close2;
    this.#body1 = this.#body2;
    this.#open2 = open;
    this.#close2 = close;
    this.#body2 = body;
    if (!found) return 0;
    return this.#isMorning ? 100 : -100;
  }

  #rises(open: number, close: number): boolean {
    return (
      !isWhite(this.#open1, this.#close1) &&
      bodyTop(this.#open2, this.#close2) < bodyBottom(this.#open1, this.#close1) &&
      isWhite(open, close) &&
      close > this.#close1 + this.#body1 * this.#penetration
    );
  }

  #falls(open: number, close: number): boolean {
    return (
      isWhite(this.#open1, this.#close1) &&
      bodyBottom(this.#open2, this.#close2) > bodyTop(this.#open1, this.#close1) &&
      !isWhite(open, close) &&
      close < this.#close1 - this.#body1 * this.#penetration
    );
  }
}

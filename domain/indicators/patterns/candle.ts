/**
 * Parts of a candle and averages of them, with TA-Lib's standard settings. All are in units of price. White is a candle that closes
 * at its open or above.
 */

/** Bars of the average that a body is compared with, "long" and "short" alike. */
export const BODY_BARS = 10;
/** Bars of the average range that a doji's body and a very short shadow are compared with. */
export const RANGE_BARS = 10;
/** Bars of the average range that "near" is a share of. */
export const NEAR_BARS = 5;

export function realBody(open: number, close: number): number {
  return Math.abs(close - open);
}

export function isWhite(open: number, close: number): boolean {
  return close >= open;
}

export function bodyTop(open: number, close: number): number {
  return close >= open ? close : open;
}

export function bodyBottom(open: number, close: number): number {
  return close >= open ? open : close;
}

/** Size of a doji's body at most, given the average range before it. */
export function dojiLimit(averageRange: number): number {
  return 0.1 * averageRange;
}

/** A very short shadow is below this, given the average range before it. */
export function veryShortLimit(averageRange: number): number {
  return 0.1 * averageRange;
}

/** Distance at most of what is near, given the average range before it. */
export function nearLimit(averageRange: number): number {
  return 0.2 * averageRange;
}

/**
 * Average of the `period` values before the coming one. Its sum takes the difference of newest and oldest, as TA-Lib's does, so that
 * even a candle that equals the average is judged alike.
 */
export class AverageBefore {
  readonly #period: number;
  readonly #values: Float64Array;
  #toSkip: number;
  #filled = 0;
  #slot = 0;
  #sum = 0;

  /** @param toSkip values at the start that TA-Lib's sum begins after. */
  constructor(period: number, toSkip: number) {
    this.#period = period;
    this.#values = new Float64Array(period);
    this.#toSkip = toSkip;
  }

  get value(): number {
    return this.#sum / this.#period;
  }

  take(value: number): void {
    if (this.#filled === this.#period) {
      this.#sum += value - this.#values[this.#slot]!;
    } else if (this.#toSkip > 0) {
      this.#toSkip--;
      return;
    } else {
      this.#sum += value;
      this.#filled++;
    }
    this.#values[this.#slot] = value;
    this.#slot = this.#slot + 1 === this.#period ? 0 : this.#slot + 1;
  }
}

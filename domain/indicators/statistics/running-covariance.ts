/**
 * Squared deviations of the last `period` pairs of values, fed pair by pair: by blocks and as differences from the first pair of the
 * running block, as `RunningVariance` and for its reasons.
 */
export class RunningCovariance {
  readonly #period: number;
  readonly #blockX: Float64Array;
  readonly #blockY: Float64Array;
  /** Sums over the tails of the block before, by the place where they begin; the last tail is empty. */
  readonly #tailX: Float64Array;
  readonly #tailY: Float64Array;
  readonly #tailXX: Float64Array;
  readonly #tailYY: Float64Array;
  readonly #tailXY: Float64Array;
  #place = 0;
  #originX = 0;
  #originY = 0;
  #sumX = 0;
  #sumY = 0;
  #sumXX = 0;
  #sumYY = 0;
  #sumXY = 0;
  /** Sums of the products of deviations from the means over the window; NaN while there are fewer than `period` pairs. */
  xx = Number.NaN;
  yy = Number.NaN;
  xy = Number.NaN;

  /** @param period pairs of the window, >= 1. */
  constructor(period: number) {
    const column = () => new Float64Array(period + 1);
    this.#period = period;
    this.#blockX = column();
    this.#blockY = column();
    // NaN stands for the block before the first, and makes the sums NaN until the window is full.
    this.#tailX = column().fill(Number.NaN, 0, period);
    this.#tailY = column().fill(Number.NaN, 0, period);
    this.#tailXX = column();
    this.#tailYY = column();
    this.#tailXY = column();
  }

  next(x: number, y: number): void {
    const period = this.#period;
    if (this.#place === period) this.#endBlock(x, y);
    else if (this.#place === 0) this.#begin(x, y);
    this.#blockX[this.#place] = x;
    this.#blockY[this.#place] = y;
    const place = ++this.#place;
    const fromX = x - this.#originX;
    const fromY = y - this.#originY;
    this.#sumX += fromX;
    this.#sumY += fromY;
    this.#sumXX += fromX * fromX;
    this.#sumYY += fromY * fromY;
    this.#sumXY += fromX * fromY;
    const sumX = this.#sumX + this.#tailX[place]!;
    const sumY = this.#sumY + this.#tailY[place]!;
    this.xx = this.#sumXX + this.#tailXX[place]! - (sumX * sumX) / period;
    this.yy = this.#sumYY + this.#tailYY[place]! - (sumY * sumY) / period;
    this.xy = this.#sumXY + this.#tailXY[place]! - (sumX * sumY) / period;
  }

  #begin(originX: number, originY: number): void {
    this.#place = 0;
    this.#originX = originX;
    this.#originY = originY;
    this.#sumX = 0;
    this.#sumY = 0;
    this.#sumXX = 0;
    this.#sumYY = 0;
    this.#sumXY = 0;
  }

  #endBlock(originX: number, originY: number): void {
    let sumX = 0;
    let sumY = 0;
    let sumXX = 0;
    let sumYY = 0;
    let sumXY = 0;
    for (let place = this.#period - 1; place >= 0; place--) {
      const fromX = this.#blockX[place]! - originX;
      const fromY = this.#blockY[place]! - originY;
      sumX += fromX;
      sumY += fromY;
      sumXX += fromX * fromX;
      sumYY += fromY * fromY;
      sumXY += fromX * fromY;
      this.#tailX[place] = sumX;
      this.#tailY[place] = sumY;
      this.#tailXX[place] = sumXX;
      this.#tailYY[place] = sumYY;
      this.#tailXY[place] = sumXY;
    }
    this.#begin(originX, originY);
  }
}

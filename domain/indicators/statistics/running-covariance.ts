/**
 * Squared deviations of the last `period` pairs of values, fed pair by pair; by blocks, as `RunningVariance` and for its reasons.
 *
 * @see T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance (1983)
 */
export class RunningCovariance {
  readonly #period: number;
  readonly #blockX: Float64Array;
  readonly #blockY: Float64Array;
  /** Over the tails of the block before, by the place where they begin: means, and sums of products of deviations. */
  readonly #tailMeanX: Float64Array;
  readonly #tailMeanY: Float64Array;
  readonly #tailXX: Float64Array;
  readonly #tailYY: Float64Array;
  readonly #tailXY: Float64Array;
  readonly #inverse: Float64Array;
  readonly #weight: Float64Array;
  #place = 0;
  #meanX = 0;
  #meanY = 0;
  #headXX = 0;
  #headYY = 0;
  #headXY = 0;
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
    this.#tailMeanX = column().fill(Number.NaN, 0, period);
    this.#tailMeanY = column().fill(Number.NaN, 0, period);
    this.#tailXX = column();
    this.#tailYY = column();
    this.#tailXY = column();
    this.#inverse = column().map((_, count) => 1 / count);
    this.#weight = column().map((_, count) => (count * (period - count)) / period);
  }

  next(x: number, y: number): void {
    if (this.#place === this.#period) this.#endBlock();
    this.#blockX[this.#place] = x;
    this.#blockY[this.#place] = y;
    const count = ++this.#place;
    const inverse = this.#inverse[count]!;
    const fromX = x - this.#meanX;
    const fromY = y - this.#meanY;
    const meanX = this.#meanX + fromX * inverse;
    const meanY = this.#meanY + fromY * inverse;
    const toY = y - meanY;
    this.#meanX = meanX;
    this.#meanY = meanY;
    this.#headXX += fromX * (x - meanX);
    this.#headYY += fromY * toY;
    this.#headXY += fromX * toY;
    const gapX = meanX - this.#tailMeanX[count]!;
    const gapY = meanY - this.#tailMeanY[count]!;
    const weight = this.#weight[count]!;
    this.xx = this.#headXX + this.#tailXX[count]! + gapX * gapX * weight;
    this.yy = this.#headYY + this.#tailYY[count]! + gapY * gapY * weight;
    this.xy = this.#headXY + this.#tailXY[count]! + gapX * gapY * weight;
  }

  #endBlock(): void {
    let meanX = 0;
    let meanY = 0;
    let xx = 0;
    let yy = 0;
    let xy = 0;
    for (let place = this.#period - 1, count = 1; place >= 0; place--, count++) {
      const inverse = this.#inverse[count]!;
      const x = this.#blockX[place]!;
      const y = this.#blockY[place]!;
      const fromX = x - meanX;
      const fromY = y - meanY;
      meanX += fromX * inverse;
      meanY += fromY * inverse;
      xx += fromX * (x - meanX);
      yy += fromY * (y - meanY);
      xy += fromX * (y - meanY);
      this.#tailMeanX[place] = meanX;
      this.#tailMeanY[place] = meanY;
      this.#tailXX[place] = xx;
      this.#tailYY[place] = yy;
      this.#tailXY[place] = xy;
    }
    this.#place = 0;
    this.#meanX = 0;
    this.#meanY = 0;
    this.#headXX = 0;
    this.#headYY = 0;
    this.#headXY = 0;
  }
}

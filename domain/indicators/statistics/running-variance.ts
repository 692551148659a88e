/**
 * Variance of the last `period` values, fed value by value.
 *
 * The window is cut where a block of `period` values ends: it is the tail of the block before and the head of this one. Heads are
 * extended by Welford's update; all tails of a block are made in one walk back when it ends; head and tail are joined by Chan's
 * formula. So nothing is ever subtracted from a sum, no error builds up with the length of the series, and the variance of equal
 * values is 0 exactly, where a rolling sum of squares leaves noise or a negative number.
 *
 * @see T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance (1983)
 */
export class RunningVariance {
  readonly #period: number;
  readonly #block: Float64Array;
  /** Mean and squared deviations of the tails of the block before, by the place where they begin; the last tail is empty. */
  readonly #tailMean: Float64Array;
  readonly #tailSquares: Float64Array;
  readonly #inverse: Float64Array;
  readonly #weight: Float64Array;
  #place = 0;
  #mean = 0;
  #squares = 0;

  /** @param period values of the window, >= 1. */
  constructor(period: number) {
    this.#period = period;
    this.#block = new Float64Array(period);
    // NaN stands for the block before the first, and makes the variance NaN until the window is full.
    this.#tailMean = new Float64Array(period + 1).fill(Number.NaN, 0, period);
    this.#tailSquares = new Float64Array(period + 1);
    this.#inverse = Float64Array.from({ length: period + 1 }, (_, count) => 1 / count);
    this.#weight = Float64Array.from({ length: period + 1 }, (_, count) => (count * (period - count)) / period);
  }

  /** The variance after this value, divisor `period`; NaN while there are fewer values. */
  next(value: number): number {
    if (this.#place === this.#period) this.#endBlock();
    this.#block[this.#place] = value;
    const count = ++this.#place;
    const deviation = value - this.#mean;
    const mean = this.#mean + deviation * this.#inverse[count]!;
    const squares = this.#squares + deviation * (value - mean);
    this.#mean = mean;
    this.#squares = squares;
    const gap = mean - this.#tailMean[count]!;
    return (squares + this.#tailSquares[count]! + gap * gap * this.#weight[count]!) / this.#period;
  }

  #endBlock(): void {
    const block = this.#block;
    const inverse = this.#inverse;
    let mean = 0;
    let squares = 0;
    for (let place = this.#period - 1, count = 1; place >= 0; place--, count++) {
      const deviation = block[place]! - mean;
      mean += deviation * inverse[count]!;
      squares += deviation * (block[place]! - mean);
      this.#tailMean[place] = mean;
      this.#tailSquares[place] = squares;
    }
    this.#place = 0;
    this.#mean = 0;
    this.#squares = 0;
  }
}

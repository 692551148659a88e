/**
 * Variance of the last `period` values, fed value by value.
 *
 * The window is cut where a block of `period` values ends: it is the tail of the block before and the head of this one. Sums over heads
 * grow with each value; those over all tails of a block are made in one walk back when it ends. Values enter as differences from the
 * first of the running block, which is in every window of the block, so they are no larger than the range of the window. Hence
 * nothing that has left the window leaves an error behind, the result is good to about `period ** 2` units in the last place, and the
 * variance of equal values is 0 exactly, where a rolling sum of squares gives noise or a negative number.
 *
 * @see T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance (1983), on shifted data
 */
export class RunningVariance {
  readonly #period: number;
  readonly #inverse: number;
  readonly #block: Float64Array;
  /** Sums over the tails of the block before, by the place where they begin; the last tail is empty. */
  readonly #tailSum: Float64Array;
  readonly #tailSquares: Float64Array;
  #place = 0;
  #origin = 0;
  #sum = 0;
  #squares = 0;

  /** @param period values of the window, >= 1. */
  constructor(period: number) {
    this.#period = period;
    this.#inverse = 1 / period;
    this.#block = new Float64Array(period);
    // NaN stands for the block before the first, and makes the variance NaN until the window is full.
    this.#tailSum = new Float64Array(period + 1).fill(Number.NaN, 0, period);
    this.#tailSquares = new Float64Array(period + 1);
  }

  /** The variance after this value, divisor `period`; NaN while there are fewer values. */
  next(value: number): number {
    if (this.#place === this.#period) this.#endBlock(value);
    else if (this.#place === 0) this.#origin = value;
    this.#block[this.#place] = value;
    const place = ++this.#place;
    const difference = value - this.#origin;
    this.#sum += difference;
    this.#squares += difference * difference;
    const sum = this.#sum + this.#tailSum[place]!;
    const squares = this.#squares + this.#tailSquares[place]!;
    return (squares - sum * sum * this.#inverse) * this.#inverse;
  }

  #endBlock(origin: number): void {
    const block = this.#block;
    let sum = 0;
    let squares = 0;
    for (let place = this.#period - 1; place >= 0; place--) {
      const difference = block[place]! - origin;
      sum += difference;
      squares += difference * difference;
      this.#tailSum[place] = sum;
      this.#tailSquares[place] = squares;
    }
    this.#place = 0;
    this.#origin = origin;
    this.#sum = 0;
    this.#squares = 0;
  }
}

/**
 * The same over a whole column, from bar `first` on, in the same order of operations; bars before `first + period - 1` of `output` are
 * left alone.
 */
export function varianceKernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const inverse = 1 / period;
  const tailSum = new Float64Array(period + 1).fill(Number.NaN, 0, period);
  const tailSquares = new Float64Array(period + 1);
  for (let begin = first; begin < length; begin += period) {
    const origin = input[begin]!;
    let sum = 0;
    let squares = 0;
    if (begin > first) {
      for (let place = period - 1; place >= 0; place--) {
        const difference = input[begin - period + place]! - origin;
        sum += difference;
        squares += difference * difference;
        tailSum[place] = sum;
        tailSquares[place] = squares;
      }
      sum = 0;
      squares = 0;
    }
    const end = Math.min(begin + period, length);
    for (let i = begin, place = 1; i < end; i++, place++) {
      const difference = input[i]! - origin;
      sum += difference;
      squares += difference * difference;
      const windowSum = sum + tailSum[place]!;
      const windowSquares = squares + tailSquares[place]!;
      output[i] = (windowSquares - windowSum * windowSum * inverse) * inverse;
    }
  }
}

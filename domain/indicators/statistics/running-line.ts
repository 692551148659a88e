/**
 * Least-squares line through the last `period` values over their bar numbers, fed value by value.
 *
 * The window is the tail of one block of `period` values and the head of the next; the sums of all tails of a block are made in one
 * walk back when it ends, so nothing is ever subtracted from a sum and no error builds up. Values enter as differences from the first
 * of the running block: the line through equal values has slope 0 exactly.
 */
export class RunningLine {
  readonly #period: number;
  readonly #block: Float64Array;
  /** Sums over the tails of the block before, plain and weighted by the age at the end of that block; the last tail is empty. */
  readonly #tailSum: Float64Array;
  readonly #tailAged: Float64Array;
  readonly #sumOfX: number;
  readonly #divisor: number;
  #place = 0;
  #origin = 0;
  #sum = 0;
  #aged = 0;
  /** Change per bar; NaN while there are fewer than `period` values. */
  slope = Number.NaN;

  /** @param period values of the window, >= 2. */
  constructor(period: number) {
    this.#period = period;
    this.#block = new Float64Array(period);
    // NaN stands for the block before the first, and makes the line NaN until the window is full.
    this.#tailSum = new Float64Array(period + 1).fill(Number.NaN, 0, period);
    this.#tailAged = new Float64Array(period + 1);
    this.#sumOfX = (period * (period - 1)) / 2;
    this.#divisor = (period * period * (period - 1) * (2 * period - 1)) / 6 - this.#sumOfX ** 2;
  }

  /** The line's value at the oldest bar of the window. */
  next(value: number): number {
    const period = this.#period;
    if (this.#place === period) this.#endBlock(value);
    else if (this.#place === 0) this.#origin = value;
    this.#block[this.#place] = value;
    const count = ++this.#place;
    this.#aged += this.#sum;
    this.#sum += value - this.#origin;
    const tail = this.#tailSum[count]!;
    const sum = this.#sum + tail;
    const aged = this.#aged + (this.#tailAged[count]! + count * tail);
    this.slope = (this.#sumOfX * sum - period * aged) / this.#divisor;
    return this.#origin + (sum - this.slope * this.#sumOfX) / period;
  }

  #endBlock(origin: number): void {
    const block = this.#block;
    let sum = 0;
    let aged = 0;
    for (let place = this.#period - 1, age = 0; place >= 0; place--, age++) {
      const value = block[place]! - origin;
      sum += value;
      aged += age * value;
      this.#tailSum[place] = sum;
      this.#tailAged[place] = aged;
    }
    this.#place = 0;
    this.#origin = origin;
    this.#sum = 0;
    this.#aged = 0;
  }
}

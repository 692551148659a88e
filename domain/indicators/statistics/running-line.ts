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
    this.#sumOfX = sumOfBars(period);
    this.#divisor = divisorOf(period);
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

/**
 * The same over a whole column, from bar `first` on, in the same order of operations; bars before `first + period - 1` of `output` are
 * of no meaning.
 *
 * @param at bars from the oldest of the window to where the line is read, or `null` for its slope.
 */
export function lineKernel(
  input: Float64Array,
  first: number,
  period: number,
  at: number | null,
  output: Float64Array,
): void {
  const length = input.length;
  const tailSum = new Float64Array(period + 1);
  const tailAged = new Float64Array(period + 1);
  const sumOfX = sumOfBars(period);
  const divisor = divisorOf(period);
  const wantsSlope = at === null;
  const distance = at ?? 0;
  for (let begin = first; begin < length; begin += period) {
    const origin = input[begin]!;
    let headSum = 0;
    let headAged = 0;
    if (begin > first) {
      for (let place = period - 1, age = 0; place >= 0; place--, age++) {
        const value = input[begin - period + place]! - origin;
        headSum += value;
        headAged += age * value;
        tailSum[place] = headSum;
        tailAged[place] = headAged;
      }
      headSum = 0;
      headAged = 0;
    }
    const end = Math.min(begin + period, length);
    for (let i = begin, count = 1; i < end; i++, count++) {
      headAged += headSum;
      headSum += input[i]! - origin;
      const tail = tailSum[count]!;
      const sum = headSum + tail;
      const aged = headAged + (tailAged[count]! + count * tail);
      const slope = (sumOfX * sum - period * aged) / divisor;
      output[i] = wantsSlope ? slope : origin + (sum - slope * sumOfX) / period + slope * distance;
    }
  }
}

/** Sum of the bar numbers `0 .. period-1`. */
function sumOfBars(period: number): number {
  return (period * (period - 1)) / 2;
}

/** `period` times the sum of the squared bar numbers, less the square of their sum. */
function divisorOf(period: number): number {
  return (period * period * (period - 1) * (2 * period - 1)) / 6 - sumOfBars(period) ** 2;
}

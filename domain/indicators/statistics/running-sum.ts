/**
 * Sum of the last `period` values, fed value by value. The window is the tail of one block of `period` values and the head of the
 * next; all tails of a block are summed in one walk back when it ends. Nothing is ever subtracted, so a huge value leaves no error
 * behind when it leaves the window.
 */
export class RunningSum {
  readonly #period: number;
  readonly #block: Float64Array;
  /** Sums of the tails of the block before, by the place where they begin; the last tail is empty. */
  readonly #tail: Float64Array;
  #place = 0;
  #sum = 0;

  /** @param period values of the window, >= 1. */
  constructor(period: number) {
    this.#period = period;
    this.#block = new Float64Array(period);
    // NaN stands for the block before the first, and makes the sum NaN until the window is full.
    this.#tail = new Float64Array(period + 1).fill(Number.NaN, 0, period);
  }

  /** The sum after this value; NaN while there are fewer than `period` values. */
  next(value: number): number {
    if (this.#place === this.#period) this.#endBlock();
    this.#block[this.#place] = value;
    this.#sum += value;
    return this.#tail[++this.#place]! + this.#sum;
  }

  #endBlock(): void {
    const block = this.#block;
    const tail = this.#tail;
    let sum = 0;
    for (let place = this.#period - 1; place >= 0; place--) {
      sum += block[place]!;
      tail[place] = sum;
    }
    this.#place = 0;
    this.#sum = 0;
  }
}

/**
 * The same over a whole column, from bar `first` on, in the same order of operations; bars before `first + period - 1` of `output` are
 * of no meaning.
 */
export function sumKernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const tail = new Float64Array(period + 1);
  for (let begin = first; begin < length; begin += period) {
    let sum = 0;
    if (begin > first) {
      for (let place = period - 1; place >= 0; place--) {
        sum += input[begin - period + place]!;
        tail[place] = sum;
      }
      sum = 0;
    }
    const end = Math.min(begin + period, length);
    for (let i = begin, place = 1; i < end; i++, place++) {
      sum += input[i]!;
      output[i] = tail[place]! + sum;
    }
  }
}

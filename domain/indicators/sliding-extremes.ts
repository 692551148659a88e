/**
 * Highest and lowest of a window that slides over a column, at a cost per bar that depends neither on the length of the window nor on
 * the data (van Herk and Gil-Werman): the window is the tail of one block of `period` bars and the head of the next.
 */

/** Writes to `output[0 ..]` the highest of the `period` bars up to and with each of the bars `from .. to-1`; `from >= period - 1`. */
export function slidingMaximum(
  input: Float64Array,
  from: number,
  to: number,
  period: number,
  output: Float64Array,
): void {
  for (let block = from; block < to; block += period) {
    const end = Math.min(block + period, to);
    let highest = Number.NEGATIVE_INFINITY;
    let j = block - 1;
    for (; j > end - period; j--) highest = Math.max(highest, input[j]!);
    for (; j > block - period; j--) {
      highest = Math.max(highest, input[j]!);
      output[j + period - 1 - from] = highest;
    }
    highest = Number.NEGATIVE_INFINITY;
    const last = Math.min(end, block + period - 1);
    for (let i = block; i < last; i++) {
      highest = Math.max(highest, input[i]!);
      output[i - from] = Math.max(highest, output[i - from]!);
    }
    if (last < end) output[last - from] = Math.max(highest, input[last]!);
  }
}

/** Like `slidingMaximum`, the lowest. */
export function slidingMinimum(
  input: Float64Array,
  from: number,
  to: number,
  period: number,
  output: Float64Array,
): void {
  for (let block = from; block < to; block += period) {
    const end = Math.min(block + period, to);
    let lowest = Number.POSITIVE_INFINITY;
    let j = block - 1;
    for (; j > end - period; j--) lowest = Math.min(lowest, input[j]!);
    for (; j > block - period; j--) {
      lowest = Math.min(lowest, input[j]!);
      output[j + period - 1 - from] = lowest;
    }
    lowest = Number.POSITIVE_INFINITY;
    const last = Math.min(end, block + period - 1);
    for (let i = block; i < last; i++) {
      lowest = Math.min(lowest, input[i]!);
      output[i - from] = Math.min(lowest, output[i - from]!);
    }
    if (last < end) output[last - from] = Math.min(lowest, input[last]!);
  }
}

/** Bars of a chunk: small enough for the nearest cache. */
const CHUNK = 1024;

/** The two of them over one stretch of bars at a time, so that an indicator needs no column of its own for either. */
export class ExtremesChunk {
  readonly size: number;
  readonly highest: Float64Array;
  readonly lowest: Float64Array;
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  readonly #period: number;

  constructor(high: Float64Array, low: Float64Array, period: number) {
    this.size = Math.max(CHUNK, period);
    this.highest = new Float64Array(this.size);
    this.lowest = new Float64Array(this.size);
    this.#high = high;
    this.#low = low;
    this.#period = period;
  }

  /** Fills `highest[0 ..]` and `lowest[0 ..]` for the windows that end at the bars `from .. to-1`, at most `size` of them. */
  fill(from: number, to: number): void {
    slidingMaximum(this.#high, from, to, this.#period, this.highest);
    slidingMinimum(this.#low, from, to, this.#period, this.lowest);
  }
}

/** The highest of the last `period` values, fed value by value: the values that may still become the highest, falling. */
export class RunningMaximum {
  readonly #period: number;
  readonly #values: Float64Array;
  readonly #bars: Float64Array;
  #head = 0;
  #size = 0;
  #bar = 0;

  constructor(period: number) {
    this.#period = period;
    this.#values = new Float64Array(period);
    this.#bars = new Float64Array(period);
  }

  next(value: number): number {
    const period = this.#period;
    if (this.#size > 0 && this.#bars[this.#head]! <= this.#bar - period) {
      this.#head = this.#head + 1 === period ? 0 : this.#head + 1;
      this.#size--;
    }
    while (this.#size > 0 && this.#values[(this.#head + this.#size - 1) % period]! <= value) this.#size--;
    const tail = (this.#head + this.#size) % period;
    this.#values[tail] = value;
    this.#bars[tail] = this.#bar++;
    this.#size++;
    return this.#values[this.#head]!;
  }
}

/** The lowest of the last `period` values. */
export class RunningMinimum {
  readonly #negated: RunningMaximum;

  constructor(period: number) {
    this.#negated = new RunningMaximum(period);
  }

  next(value: number): number {
    return -this.#negated.next(-value);
  }
}

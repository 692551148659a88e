import { ringSize } from './ring.ts';

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
    for (; j > end - period; j--) {
      if (input[j]! > highest) highest = input[j]!;
    }
    for (; j > block - period; j--) {
      if (input[j]! > highest) highest = input[j]!;
      output[j + period - 1 - from] = highest;
    }
    highest = Number.NEGATIVE_INFINITY;
    const last = Math.min(end, block + period - 1);
    for (let i = block; i < last; i++) {
      if (input[i]! > highest) highest = input[i]!;
      if (highest > output[i - from]!) output[i - from] = highest;
    }
    if (last < end) output[last - from] = input[last]! > highest ? input[last]! : highest;
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
    for (; j > end - period; j--) {
      if (input[j]! < lowest) lowest = input[j]!;
    }
    for (; j > block - period; j--) {
      if (input[j]! < lowest) lowest = input[j]!;
      output[j + period - 1 - from] = lowest;
    }
    lowest = Number.POSITIVE_INFINITY;
    const last = Math.min(end, block + period - 1);
    for (let i = block; i < last; i++) {
      if (input[i]! < lowest) lowest = input[i]!;
      if (lowest < output[i - from]!) output[i - from] = lowest;
    }
    if (last < end) output[last - from] = input[last]! < lowest ? input[last]! : lowest;
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

/** The highest of the last `period` values, fed value by value. */
export class RunningMaximum {
  readonly #period: number;
  readonly #mask: number;
  /** A ring of the values that may still become the highest, falling from `head` to `tail`, and the bars that they came with. */
  readonly #values: Float64Array;
  readonly #bars: Float64Array;
  #head = 0;
  #tail = 0;
  #bar = 0;

  constructor(period: number) {
    const room = ringSize(period + 1);
    this.#period = period;
    this.#mask = room - 1;
    this.#values = new Float64Array(room);
    this.#bars = new Float64Array(room);
  }

  next(value: number): number {
    const mask = this.#mask;
    const values = this.#values;
    let tail = this.#tail;
    while (tail > this.#head && values[(tail - 1) & mask]! <= value) tail--;
    values[tail & mask] = value;
    this.#bars[tail & mask] = this.#bar;
    this.#tail = tail + 1;
    if (this.#bars[this.#head & mask]! <= this.#bar - this.#period) this.#head++;
    this.#bar++;
    return values[this.#head & mask]!;
  }

  /** Values since the highest: 0 when the newest is it; of equal ones the latest counts. */
  get age(): number {
    return this.#bar - 1 - this.#bars[this.#head & this.#mask]!;
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

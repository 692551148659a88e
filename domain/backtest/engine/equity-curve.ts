import type { EpochMs } from '../../market/decimal.ts';

/** Equity at the closes of the joint time axis. */
export class EquityCurve {
  readonly times: Float64Array;
  readonly values: Float64Array;
  #recorded = 0;

  constructor(times: Float64Array) {
    this.times = times;
    this.values = new Float64Array(times.length);
  }

  record(equity: number): void {
    this.values[this.#recorded++] = equity;
  }

  replaceLast(equity: number): void {
    this.values[this.#recorded - 1] = equity;
  }

  /** Takes in what leaving a trade at an earlier close has cost: it shows from the bar on that opened at `time`. */
  amend(time: EpochMs, change: number): void {
    for (let i = firstAtOrAfter(this.times, time); i < this.#recorded; i++) this.values[i]! += change;
  }
}

/** Index of the first of the rising `times` that is `time` or later. */
export function firstAtOrAfter(times: Float64Array, time: EpochMs): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

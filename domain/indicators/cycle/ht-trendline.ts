import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { DominantCycle } from './dominant-cycle.ts';

const LOOKBACK = 63;
const SKIP = 37;

/**
 * Ehlers' instantaneous trendline: the average over one dominant cycle, which leaves the cycle out, smoothed over four bars. In units
 * of price.
 */
export const htTrendline: Indicator = {
  name: 'HT_TRENDLINE',
  title: 'Instantaneous trendline',
  params: [],
  inputs: ['close'],
  outputs: ['value'],
  lookback: () => LOOKBACK,
  compute(inputs, _params, outputs) {
    const first = firstBar(inputs, outputs);
    kernel(inputs[0]!, first, outputs[0]!);
    fillWarmUp(outputs[0]!, first + LOOKBACK);
  },
  stream() {
    const line = new RunningTrendline();
    let warmUp = LOOKBACK;
    return streamFromFirstBar((inputs, outputs) => {
      const value = line.next(inputs[0]!);
      outputs[0] = warmUp > 0 ? Number.NaN : value;
      if (warmUp > 0) warmUp--;
    });
  },
};

/** Prices kept: a power of two, and no fewer than the longest cycle of 50 bars. */
const KEPT = 64;

class RunningTrendline {
  readonly #cycle = new DominantCycle(SKIP);
  readonly #prices = new Float64Array(KEPT);
  #bar = 0;
  #average1 = 0;
  #average2 = 0;
  #average3 = 0;

  next(price: number): number {
    const bar = this.#bar++;
    this.#prices[bar & (KEPT - 1)] = price;
    if (!this.#cycle.next(price)) return Number.NaN;
    const average = this.#averageOf(Math.trunc(this.#cycle.period + 0.5), bar);
    const line = (4 * average + 3 * this.#average1 + 2 * this.#average2 + this.#average3) / 10;
    this.#average3 = this.#average2;
    this.#average2 = this.#average1;
    this.#average1 = average;
    return line;
  }

  /** Average of the last `bars` prices; 0 for none, while the cycle warms up. */
  #averageOf(bars: number, bar: number): number {
    let sum = 0;
    for (let k = 0; k < bars; k++) sum += this.#prices[(bar - k) & (KEPT - 1)]!;
    return bars > 0 ? sum / bars : 0;
  }
}

function kernel(input: Float64Array, first: number, output: Float64Array): void {
  const length = input.length;
  const line = new RunningTrendline();
  for (let i = first; i < length; i++) output[i] = line.next(input[i]!);
}

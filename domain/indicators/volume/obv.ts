import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * On balance volume: the volume of bars that close higher less that of bars that close lower, counted from the first bar, whose volume
 * it begins with.
 */
export const obv: Indicator = {
  name: 'OBV',
  title: 'On balance volume',
  params: [],
  inputs: ['close', 'volume'],
  outputs: ['value'],
  lookback: () => 0,
  compute(inputs, _params, outputs) {
    kernel(inputs[0]!, inputs[1]!, firstBar(inputs, outputs), outputs[0]!);
  },
  stream() {
    const balance = new RunningObv();
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = balance.next(inputs[0]!, inputs[1]!);
    });
  },
};

class RunningObv {
  #closeBefore = Number.NEGATIVE_INFINITY;
  #balance = 0;

  next(close: number, volume: number): number {
    // A product, since no processor foresees which way a price goes.
    this.#balance += (Number(close > this.#closeBefore) - Number(close < this.#closeBefore)) * volume;
    this.#closeBefore = close;
    return this.#balance;
  }
}

function kernel(close: Float64Array, volume: Float64Array, first: number, output: Float64Array): void {
  const length = output.length;
  const balance = new RunningObv();
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) output[i] = balance.next(close[i]!, volume[i]!);
}

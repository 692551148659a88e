import type { Indicator } from '../indicator.ts';
import { firstBar, fillWarmUp, streamFromFirstBar } from '../warm-up.ts';
import { isZeroOrNegative } from '../zero.ts';

/** Balance of power: `(close - open) / (high - low)`, from -1 to 1; 0 for a bar without a range. */
export const bop: Indicator = {
  name: 'BOP',
  title: 'Balance of power',
  params: [],
  inputs: ['open', 'high', 'low', 'close'],
  outputs: ['value'],
  lookback: () => 0,
  compute(inputs, _params, outputs) {
    const [open, high, low, close] = inputs as [Float64Array, Float64Array, Float64Array, Float64Array];
    const output = outputs[0]!;
    const first = firstBar(inputs, outputs);
    const length = close.length;
    fillWarmUp(output, first);
    for (let i = first; i < length; i++) output[i] = balance(open[i]!, high[i]!, low[i]!, close[i]!);
  },
  stream: () =>
    streamFromFirstBar((inputs, outputs) => {
      outputs[0] = balance(inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!);
    }),
};

function balance(open: number, high: number, low: number, close: number): number {
  const range = high - low;
  return isZeroOrNegative(range) ? 0 : (close - open) / range;
}

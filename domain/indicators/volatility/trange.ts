import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { trueRange } from './true-range.ts';

/** True range, from the second bar on: it needs the close before. */
export const trange: Indicator = {
  name: 'TRANGE',
  title: 'True range',
  params: [],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: () => 1,
  compute(inputs, _params, outputs) {
    const first = firstBar(inputs, outputs);
    kernel(inputs[0]!, inputs[1]!, inputs[2]!, first, outputs[0]!);
  },
  stream() {
    let closeBefore = Number.NaN;
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = Number.isNaN(closeBefore) ? Number.NaN : trueRange(inputs[0]!, inputs[1]!, closeBefore);
      closeBefore = inputs[2]!;
    });
  },
};

function kernel(high: Float64Array, low: Float64Array, close: Float64Array, first: number, output: Float64Array): void {
  const length = output.length;
  fillWarmUp(output, first + 1);
  for (let i = first + 1; i < length; i++) output[i] = trueRange(high[i]!, low[i]!, close[i - 1]!);
}

import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { moneyFlowVolume } from './money-flow-volume.ts';

/** Chaikin's accumulation/distribution line: the running sum of the money flow volume from the first bar. */
export const ad: Indicator = {
  name: 'AD',
  title: 'Accumulation/distribution line',
  params: [],
  inputs: ['high', 'low', 'close', 'volume'],
  outputs: ['value'],
  lookback: () => 0,
  compute(inputs, _params, outputs) {
    const first = firstBar(inputs, outputs);
    kernel(inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!, first, outputs[0]!);
  },
  stream() {
    let line = 0;
    return streamFromFirstBar((inputs, outputs) => {
      line += moneyFlowVolume(inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!);
      outputs[0] = line;
    });
  },
};

function kernel(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  volume: Float64Array,
  first: number,
  output: Float64Array,
): void {
  const length = output.length;
  fillWarmUp(output, first);
  let line = 0;
  for (let i = first; i < length; i++) {
    line += moneyFlowVolume(high[i]!, low[i]!, close[i]!, volume[i]!);
    output[i] = line;
  }
}

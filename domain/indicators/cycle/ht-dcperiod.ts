import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { DominantCycle } from './dominant-cycle.ts';

const LOOKBACK = 32;
const SKIP = 12;

/** Ehlers' dominant cycle period by Hilbert transform, in bars: 6 to 50 once it has settled. */
export const htDcperiod: Indicator = {
  name: 'HT_DCPERIOD',
  title: 'Dominant cycle period',
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
    const cycle = new DominantCycle(SKIP);
    let warmUp = LOOKBACK;
    return streamFromFirstBar((inputs, outputs) => {
      cycle.next(inputs[0]!);
      outputs[0] = warmUp > 0 ? Number.NaN : cycle.period;
      if (warmUp > 0) warmUp--;
    });
  },
};

function kernel(input: Float64Array, first: number, output: Float64Array): void {
  const length = input.length;
  const cycle = new DominantCycle(SKIP);
  for (let i = first; i < length; i++) {
    cycle.next(input[i]!);
    output[i] = cycle.period;
  }
}

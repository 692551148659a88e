import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { adxKernel, RunningAdx } from './running-adx.ts';

/** Average directional index: Wilder's average of DX, 0 to 100. Says how strong a trend is, not where it goes. */
export const adx: Indicator = {
  name: 'ADX',
  title: 'Average directional index',
  params: [periodParam('period', 'Bars of the sums, of the first average and of the weight 1 / period', 2, 14)],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: ({ period }) => 2 * period! - 1,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    adxKernel(inputs[0]!, inputs[1]!, inputs[2]!, first, period!, outputs[0]!);
    fillWarmUp(outputs[0]!, first + 2 * period! - 1);
  },
  stream({ period }) {
    const average = new RunningAdx(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = average.next(inputs[0]!, inputs[1]!, inputs[2]!);
    });
  },
};

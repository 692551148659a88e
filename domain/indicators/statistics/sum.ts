import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { RunningSum, sumKernel } from './running-sum.ts';

/** Sum of the last `period` values, this one included. */
export const sum: Indicator = {
  name: 'SUM',
  title: 'Sum over a period',
  params: [periodParam('period', 'Values of the window', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    sumKernel(inputs[0]!, first, period!, outputs[0]!);
    fillWarmUp(outputs[0]!, first + period! - 1);
  },
  stream({ period }) {
    const window = new RunningSum(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = window.next(inputs[0]!);
    });
  },
};

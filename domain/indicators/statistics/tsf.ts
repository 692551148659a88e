import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { lineKernel, RunningLine } from './running-line.ts';

/** Value at the coming bar of the least-squares line through the last `period` values. */
export const tsf: Indicator = {
  name: 'TSF',
  title: 'Time series forecast',
  params: [periodParam('period', 'Values of the line', 2, 14)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    lineKernel(inputs[0]!, first, period!, period!, outputs[0]!);
    fillWarmUp(outputs[0]!, first + period! - 1);
  },
  stream({ period }) {
    const line = new RunningLine(period!);
    return streamFromFirstBar((inputs, outputs) => {
      const begin = line.next(inputs[0]!);
      outputs[0] = begin + line.slope * period!;
    });
  },
};

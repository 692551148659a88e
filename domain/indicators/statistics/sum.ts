import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { RunningSum } from './running-sum.ts';

/** Sum of the last `period` values, this one included. */
export const sum: Indicator = {
  name: 'SUM',
  title: 'Sum over a period',
  params: [periodParam('period', 'Values of the window', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const window = new RunningSum(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = window.next(inputs[0]!);
    });
  },
};

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = output.length;
  const window = new RunningSum(period);
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) output[i] = window.next(input[i]!);
}

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningVariance } from '../statistics/running-variance.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { deviationsParam } from './deviations.ts';

/** Variance of the last `period` values, divisor `period`. As in TA-Lib `deviations` has no effect: it stands there for the order. */
export const variance: Indicator = {
  name: 'VAR',
  title: 'Variance',
  params: [periodParam('period', 'Values of the window', 1, 5), deviationsParam('deviations', 'Without effect', 1)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const window = new RunningVariance(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = window.next(inputs[0]!);
    });
  },
};

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = output.length;
  const window = new RunningVariance(period);
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) output[i] = window.next(input[i]!);
}

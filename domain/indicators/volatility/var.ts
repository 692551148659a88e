import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningVariance, varianceKernel } from '../statistics/running-variance.ts';
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
    const first = firstBar(inputs, outputs);
    varianceKernel(inputs[0]!, first, period!, outputs[0]!);
    fillWarmUp(outputs[0]!, first + period! - 1);
  },
  stream({ period }) {
    const window = new RunningVariance(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = window.next(inputs[0]!);
    });
  },
};

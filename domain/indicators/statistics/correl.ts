import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { correlationOf, covarianceKernel, RunningCovariance } from './running-covariance.ts';

/**
 * Pearson's correlation of two lines, by default high and low, over the last `period` bars: -1 to 1. It is 0 where one of them does not
 * move, as in TA-Lib, which also takes very small movements (a product of the squared deviations below 1e-14) for none; this does not.
 */
export const correl: Indicator = {
  name: 'CORREL',
  title: 'Correlation',
  params: [periodParam('period', 'Bars of the window', 1, 30)],
  inputs: ['high', 'low'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    covarianceKernel(inputs[0]!, inputs[1]!, first, period!, 'correlation', outputs[0]!);
    fillWarmUp(outputs[0]!, first + period! - 1);
  },
  stream({ period }) {
    const window = new RunningCovariance(period!);
    return streamFromFirstBar((inputs, outputs) => {
      window.next(inputs[0]!, inputs[1]!);
      outputs[0] = correlationOf(window.xx, window.yy, window.xy);
    });
  },
};

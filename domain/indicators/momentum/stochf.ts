import { rollingMean, RunningMean } from '../averages/rolling-mean.ts';
import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { fastKKernel, RunningFastK } from './fast-k.ts';

/** Fast stochastic: raw %K (fastk) and its simple average (fastd), from 0 to 100. Both lines start with the first fastd. */
export const stochf: Indicator = {
  name: 'STOCHF',
  title: 'Fast stochastic',
  params: [
    periodParam('fastKPeriod', 'Bars of the range', 1, 5),
    periodParam('fastDPeriod', 'Bars of the average that makes fastd', 1, 3),
  ],
  inputs: ['high', 'low', 'close'],
  outputs: ['fastk', 'fastd'],
  lookback: ({ fastKPeriod, fastDPeriod }) => fastKPeriod! + fastDPeriod! - 2,
  compute(inputs, { fastKPeriod, fastDPeriod }, outputs) {
    const [high, low, close] = inputs as [Float64Array, Float64Array, Float64Array];
    const [fastK, fastD] = outputs as [Float64Array, Float64Array];
    const first = firstBar(inputs, outputs);
    fastKKernel(high, low, close, first, fastKPeriod!, fastK);
    rollingMean(fastK, first + fastKPeriod! - 1, fastDPeriod!, fastD);
    fillWarmUp(fastK, first + fastKPeriod! + fastDPeriod! - 2);
    fillWarmUp(fastD, first + fastKPeriod! + fastDPeriod! - 2);
  },
  stream({ fastKPeriod, fastDPeriod }) {
    const fastK = new RunningFastK(fastKPeriod!);
    const fastD = new RunningMean(fastDPeriod!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs.fill(Number.NaN);
      const k = fastK.next(inputs[0]!, inputs[1]!, inputs[2]!);
      if (!fastK.warm) return;
      const d = fastD.next(k);
      if (!fastD.warm) return;
      outputs[0] = k;
      outputs[1] = d;
    });
  },
};

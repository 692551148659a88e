import { rollingMean, RunningMean } from '../averages/rolling-mean.ts';
import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { fastKKernel, RunningFastK } from './fast-k.ts';

/**
 * Slow stochastic: raw %K smoothed by a simple average (slowk), and that smoothed again (slowd), from 0 to 100. Both lines start with the
 * first slowd.
 */
export const stoch: Indicator = {
  name: 'STOCH',
  title: 'Stochastic',
  params: [
    periodParam('fastKPeriod', 'Bars of the range', 1, 5),
    periodParam('slowKPeriod', 'Bars of the average that makes slowk', 1, 3),
    periodParam('slowDPeriod', 'Bars of the average that makes slowd', 1, 3),
  ],
  inputs: ['high', 'low', 'close'],
  outputs: ['slowk', 'slowd'],
  lookback: ({ fastKPeriod, slowKPeriod, slowDPeriod }) => fastKPeriod! + slowKPeriod! + slowDPeriod! - 3,
  compute(inputs, { fastKPeriod, slowKPeriod, slowDPeriod }, outputs) {
    const [high, low, close] = inputs as [Float64Array, Float64Array, Float64Array];
    const [slowK, slowD] = outputs as [Float64Array, Float64Array];
    const first = firstBar(inputs, outputs);
    const fastStart = first + fastKPeriod! - 1;
    const slowStart = fastStart + slowKPeriod! - 1;
    // The column of slowd holds the raw %K until slowk is made of it.
    fastKKernel(high, low, close, first, fastKPeriod!, slowD);
    rollingMean(slowD, fastStart, slowKPeriod!, slowK);
    rollingMean(slowK, slowStart, slowDPeriod!, slowD);
    fillWarmUp(slowK, slowStart + slowDPeriod! - 1);
    fillWarmUp(slowD, slowStart + slowDPeriod! - 1);
  },
  stream({ fastKPeriod, slowKPeriod, slowDPeriod }) {
    const fastK = new RunningFastK(fastKPeriod!);
    const slowK = new RunningMean(slowKPeriod!);
    const slowD = new RunningMean(slowDPeriod!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs.fill(Number.NaN);
      const raw = fastK.next(inputs[0]!, inputs[1]!, inputs[2]!);
      if (!fastK.warm) return;
      const k = slowK.next(raw);
      if (!slowK.warm) return;
      const d = slowD.next(k);
      if (!slowD.warm) return;
      outputs[0] = k;
      outputs[1] = d;
    });
  },
};

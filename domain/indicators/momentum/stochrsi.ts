import { rollingMean, RunningMean } from '../averages/rolling-mean.ts';
import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { fastKKernel, RunningFastK } from './fast-k.ts';
import { exactRsi, rsiStream } from './rsi.ts';

/**
 * Stochastic RSI: where the RSI lies in its own range of the last bars (fastk), and the simple average of that (fastd), from 0 to 100. Both
 * lines start with the first fastd.
 */
export const stochrsi: Indicator = {
  name: 'STOCHRSI',
  title: 'Stochastic RSI',
  params: [
    periodParam('period', 'Bars of the Wilder averages of the RSI', 2, 14),
    periodParam('fastKPeriod', 'Bars of the range of the RSI', 1, 5),
    periodParam('fastDPeriod', 'Bars of the average that makes fastd', 1, 3),
  ],
  inputs: ['close'],
  outputs: ['fastk', 'fastd'],
  lookback: ({ period, fastKPeriod, fastDPeriod }) => period! + fastKPeriod! + fastDPeriod! - 2,
  compute(inputs, { period, fastKPeriod, fastDPeriod }, outputs) {
    const [fastK, fastD] = outputs as [Float64Array, Float64Array];
    const first = firstBar(inputs, outputs);
    const rsiStart = first + period!;
    const start = rsiStart + fastKPeriod! + fastDPeriod! - 2;
    // The column of fastd holds the RSI until fastk is made of it.
    exactRsi(inputs[0]!, first, period!, fastD);
    fastKKernel(fastD, fastD, fastD, rsiStart, fastKPeriod!, fastK);
    rollingMean(fastK, rsiStart + fastKPeriod! - 1, fastDPeriod!, fastD);
    fillWarmUp(fastK, start);
    fillWarmUp(fastD, start);
  },
  stream({ period, fastKPeriod, fastDPeriod }) {
    const strength = rsiStream(period!, 'division');
    const fastK = new RunningFastK(fastKPeriod!);
    const fastD = new RunningMean(fastDPeriod!);
    const rsiValue = new Float64Array(1);
    let bars = 0;
    return streamFromFirstBar((inputs, outputs) => {
      outputs.fill(Number.NaN);
      strength.next(inputs, rsiValue);
      if (bars < period!) {
        bars++;
        return;
      }
      const k = fastK.next(rsiValue[0]!, rsiValue[0]!, rsiValue[0]!);
      if (!fastK.warm) return;
      const d = fastD.next(k);
      if (!fastD.warm) return;
      outputs[0] = k;
      outputs[1] = d;
    });
  },
};

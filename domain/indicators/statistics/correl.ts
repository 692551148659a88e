import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { RunningCovariance } from './running-covariance.ts';

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
    kernel(inputs[0]!, inputs[1]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const window = new RunningCovariance(period!);
    return streamFromFirstBar((inputs, outputs) => {
      window.next(inputs[0]!, inputs[1]!);
      outputs[0] = correlation(window.xx, window.yy, window.xy);
    });
  },
};

function correlation(xx: number, yy: number, xy: number): number {
  if (xx === 0 || yy === 0) return 0;
  const value = xy / Math.sqrt(xx * yy);
  // Rounding may lead a hair beyond.
  if (value > 1) return 1;
  return value < -1 ? -1 : value;
}

function kernel(x: Float64Array, y: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = output.length;
  const window = new RunningCovariance(period);
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) {
    window.next(x[i]!, y[i]!);
    output[i] = correlation(window.xx, window.yy, window.xy);
  }
}

import { sma } from '../averages/sma.ts';
import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningVariance, varianceKernel } from '../statistics/running-variance.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { deviationsParam } from './deviations.ts';

/**
 * Bollinger bands: the simple moving average, bit for bit that of `SMA`, and bands of a number of standard deviations (divisor
 * `period`) around it.
 */
export const bbands: Indicator = {
  name: 'BBANDS',
  title: 'Bollinger bands',
  params: [
    periodParam('period', 'Bars of average and deviation', 2, 20),
    deviationsParam('deviationsUp', 'Standard deviations from the middle to the upper band', 2),
    deviationsParam('deviationsDown', 'Standard deviations from the middle to the lower band', 2),
  ],
  inputs: ['close'],
  outputs: ['upper', 'middle', 'lower'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, params, outputs) {
    const { period, deviationsUp, deviationsDown } = params;
    const first = firstBar(inputs, outputs);
    const [upper, middle, lower] = outputs;
    sma.compute(inputs, params, [middle!]);
    varianceKernel(inputs[0]!, first, period!, upper!);
    const start = first + period! - 1;
    bands(start, deviationsUp!, deviationsDown!, upper!, middle!, lower!);
    fillWarmUp(upper!, start);
    fillWarmUp(lower!, start);
  },
  stream(params) {
    const { period, deviationsUp, deviationsDown } = params;
    const average = sma.stream(params);
    const window = new RunningVariance(period!);
    const middle = new Float64Array(1);
    return streamFromFirstBar((inputs, outputs) => {
      average.next(inputs, middle);
      const deviation = Math.sqrt(window.next(inputs[0]!));
      outputs[0] = middle[0]! + deviation * deviationsUp!;
      outputs[1] = middle[0]!;
      outputs[2] = middle[0]! - deviation * deviationsDown!;
    });
  },
};

/** `upper` comes with the variance. */
function bands(
  start: number,
  up: number,
  down: number,
  upper: Float64Array,
  middle: Float64Array,
  lower: Float64Array,
): void {
  const length = middle.length;
  for (let i = start; i < length; i++) {
    const deviation = Math.sqrt(upper[i]!);
    const center = middle[i]!;
    upper[i] = center + deviation * up;
    lower[i] = center - deviation * down;
  }
}

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningVariance } from '../statistics/running-variance.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { deviationsParam } from './deviations.ts';

/**
 * Standard deviation of the last `period` values, divisor `period`, times `deviations`. TA-Lib takes a variance below 1e-14 for 0; this
 * does not, so that prices of a millionth have a deviation too.
 */
export const stddev: Indicator = {
  name: 'STDDEV',
  title: 'Standard deviation',
  params: [
    periodParam('period', 'Values of the window', 2, 5),
    deviationsParam('deviations', 'Factor of the result', 1),
  ],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period, deviations }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, deviations!, outputs[0]!);
  },
  stream({ period, deviations }) {
    const window = new RunningVariance(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = Math.sqrt(window.next(inputs[0]!)) * deviations!;
    });
  },
};

function kernel(input: Float64Array, first: number, period: number, deviations: number, output: Float64Array): void {
  const length = output.length;
  const window = new RunningVariance(period);
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) output[i] = Math.sqrt(window.next(input[i]!)) * deviations;
}

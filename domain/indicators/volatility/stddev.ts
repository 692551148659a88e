import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningVariance, varianceKernel } from '../statistics/running-variance.ts';
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
    const start = firstBar(inputs, outputs) + period! - 1;
    varianceKernel(inputs[0]!, start - period! + 1, period!, outputs[0]!);
    toDeviations(outputs[0]!, start, deviations!);
    fillWarmUp(outputs[0]!, start);
  },
  stream({ period, deviations }) {
    const window = new RunningVariance(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = Math.sqrt(window.next(inputs[0]!)) * deviations!;
    });
  },
};

/** In place. */
function toDeviations(variances: Float64Array, start: number, deviations: number): void {
  const length = variances.length;
  for (let i = start; i < length; i++) variances[i] = Math.sqrt(variances[i]!) * deviations;
}

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { directionalKernel, DirectionalMovement } from './directional-movement.ts';

/**
 * Minus directional indicator (-DI) by Wilder's smoothing, in percent. With a period of 1 TA-Lib leaves out the factor 100; this is
 * percent for every period.
 */
export const minusDi: Indicator = {
  name: 'MINUS_DI',
  title: 'Minus directional indicator',
  params: [periodParam('period', 'Bars of the sums and of the weight 1 / period', 1, 14)],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    directionalKernel(inputs[0]!, inputs[1]!, inputs[2]!, first, period!, 'minusIndicator', outputs[0]!);
    fillWarmUp(outputs[0]!, first + period!);
  },
  stream({ period }) {
    const movement = new DirectionalMovement(period!);
    return streamFromFirstBar((inputs, outputs) => {
      const warm = movement.next(inputs[0]!, inputs[1]!, inputs[2]!);
      outputs[0] = warm ? movement.minusIndicator() : Number.NaN;
    });
  },
};

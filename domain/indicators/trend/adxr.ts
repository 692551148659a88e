import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { adxKernel, RunningAdx } from './running-adx.ts';

/** Average directional index rating: the mean of ADX now and ADX `period - 1` bars ago. */
export const adxr: Indicator = {
  name: 'ADXR',
  title: 'Average directional index rating',
  params: [periodParam('period', 'Bars of ADX; the older ADX is period - 1 bars old', 2, 14)],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: ({ period }) => 3 * period! - 2,
  compute(inputs, { period }, outputs) {
    const output = outputs[0]!;
    const first = firstBar(inputs, outputs);
    adxKernel(inputs[0]!, inputs[1]!, inputs[2]!, first, period!, output);
    averageWithEarlier(output, first + 3 * period! - 2, period! - 1);
    fillWarmUp(output, first + 3 * period! - 2);
  },
  stream({ period }) {
    const average = new RunningAdx(period!);
    const earlier = new Float64Array(period! - 1).fill(Number.NaN);
    let slot = 0;
    return streamFromFirstBar((inputs, outputs) => {
      const now = average.next(inputs[0]!, inputs[1]!, inputs[2]!);
      outputs[0] = (now + earlier[slot]!) / 2;
      earlier[slot] = now;
      slot = slot + 1 === earlier.length ? 0 : slot + 1;
    });
  },
};

/** In place, from the end, so that the earlier value is still the one that was given. */
function averageWithEarlier(values: Float64Array, start: number, barsBack: number): void {
  for (let i = values.length - 1; i >= start; i--) values[i] = (values[i]! + values[i - barsBack]!) / 2;
}

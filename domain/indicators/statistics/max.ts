import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { HIGHEST, RunningExtreme, slidingExtreme } from './sliding-extreme.ts';

/** Highest value of the last `period` bars, this one included. */
export const max: Indicator = {
  name: 'MAX',
  title: 'Highest value over a period',
  params: [periodParam('period', 'Bars of the window', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    slidingExtreme(inputs[0]!, first, period!, HIGHEST, false, outputs[0]!);
    fillWarmUp(outputs[0]!, first + period! - 1);
  },
  stream({ period }) {
    const extreme = new RunningExtreme(period!, HIGHEST);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = extreme.next(inputs[0]!);
    });
  },
};

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningMaximum, slidingMaximum } from '../sliding-extremes.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Highest value of the last `period` bars, this one included. */
export const max: Indicator = {
  name: 'MAX',
  title: 'Highest value over a period',
  params: [periodParam('period', 'Bars of the window', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const [input] = inputs;
    const [output] = outputs;
    const start = firstBar(inputs, outputs) + period! - 1;
    fillWarmUp(output!, start);
    slidingMaximum(input!, start, input!.length, period!, output!.subarray(start));
  },
  stream({ period }) {
    const extreme = new RunningMaximum(period!);
    let warmUp = period! - 1;
    return streamFromFirstBar((inputs, outputs) => {
      const value = extreme.next(inputs[0]!);
      outputs[0] = warmUp > 0 ? Number.NaN : value;
      if (warmUp > 0) warmUp--;
    });
  },
};

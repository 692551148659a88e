import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningMinimum, slidingMinimum } from '../sliding-extremes.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Lowest value of the last `period` bars, this one included. */
export const min: Indicator = {
  name: 'MIN',
  title: 'Lowest value over a period',
  params: [periodParam('period', 'Bars of the window', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const [input] = inputs;
    const [output] = outputs;
    const start = firstBar(inputs, outputs) + period! - 1;
    fillWarmUp(output!, start);
    slidingMinimum(input!, start, input!.length, period!, output!.subarray(start));
  },
  stream({ period }) {
    const extreme = new RunningMinimum(period!);
    let warmUp = period! - 1;
    return streamFromFirstBar((inputs, outputs) => {
      const value = extreme.next(inputs[0]!);
      outputs[0] = warmUp > 0 ? Number.NaN : value;
      if (warmUp > 0) warmUp--;
    });
  },
};

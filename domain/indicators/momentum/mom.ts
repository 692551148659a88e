import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Momentum: the change over `period` bars, in units of the input. */
export const mom: Indicator = {
  name: 'MOM',
  title: 'Momentum',
  params: [periodParam('period', 'Bars back', 1, 10)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const input = inputs[0]!;
    const output = outputs[0]!;
    const first = firstBar(inputs, outputs);
    const length = input.length;
    fillWarmUp(output, first + period!);
    for (let i = first + period!, trailing = first; i < length; i++, trailing++) {
      output[i] = input[i]! - input[trailing]!;
    }
  },
  stream({ period }) {
    const bars = period!;
    const window = new Float64Array(bars).fill(Number.NaN);
    let slot = 0;
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = inputs[0]! - window[slot]!;
      window[slot] = inputs[0]!;
      slot = slot + 1 === bars ? 0 : slot + 1;
    });
  },
};

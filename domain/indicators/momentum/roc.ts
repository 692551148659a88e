import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Rate of change over `period` bars, in percent; 0 where the earlier value is 0. */
export const roc: Indicator = {
  name: 'ROC',
  title: 'Rate of change',
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
      output[i] = rateOfChange(input[i]!, input[trailing]!);
    }
  },
  stream({ period }) {
    const bars = period!;
    const window = new Float64Array(bars).fill(Number.NaN);
    let slot = 0;
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = rateOfChange(inputs[0]!, window[slot]!);
      window[slot] = inputs[0]!;
      slot = slot + 1 === bars ? 0 : slot + 1;
    });
  },
};

/** Change from `before` to `value` in percent; 0 when `before` is 0. */
export function rateOfChange(value: number, before: number): number {
  return before === 0 ? 0 : (value / before - 1) * 100;
}

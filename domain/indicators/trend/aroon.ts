import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { aroonKernel, RunningAroon } from './aroon-lines.ts';

/**
 * Aroon: how recent the lowest low (`down`) and the highest high (`up`) of this bar and the `period` before it are, from 100 (this
 * bar) to 0 (`period` bars ago). Of equal extremes the latest counts.
 */
export const aroon: Indicator = {
  name: 'AROON',
  title: 'Aroon',
  params: [periodParam('period', 'Bars before this one in the window', 2, 14)],
  inputs: ['high', 'low'],
  outputs: ['down', 'up'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    aroonKernel(inputs[0]!, inputs[1]!, first, period!, outputs[0]!, outputs[1]!);
    for (const output of outputs) fillWarmUp(output, first + period!);
  },
  stream({ period }) {
    const lines = new RunningAroon(period!);
    return streamFromFirstBar((inputs, outputs) => {
      lines.next(inputs[0]!, inputs[1]!);
      outputs[0] = lines.down;
      outputs[1] = lines.up;
    });
  },
};

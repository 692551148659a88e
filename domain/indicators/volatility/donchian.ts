import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningRange, slidingRange } from '../statistics/sliding-range.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * Donchian channel: highest high (`upper`) and lowest low (`lower`) of the last `period` bars, this one included, and their middle.
 * A close can therefore reach a band but not cross it: a breakout compares the close with the band of the bar before.
 *
 * @see https://en.wikipedia.org/wiki/Donchian_channel
 */
export const donchian: Indicator = {
  name: 'DONCHIAN',
  title: 'Donchian channel',
  params: [periodParam('period', 'Bars of the channel, this one included', 1, 20)],
  inputs: ['high', 'low'],
  outputs: ['upper', 'middle', 'lower'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    const [upper, middle, lower] = outputs;
    slidingRange(inputs[0]!, inputs[1]!, first, period!, upper!, lower!, middle!);
    for (const output of outputs) fillWarmUp(output, first + period! - 1);
  },
  stream({ period }) {
    const range = new RunningRange(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[1] = range.next(inputs[0]!, inputs[1]!);
      outputs[0] = range.upper;
      outputs[2] = range.lower;
    });
  },
};

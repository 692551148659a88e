import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { RunningMaximum, RunningMinimum, slidingMaximum, slidingMinimum } from '../sliding-extremes.ts';
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
    const [high, low] = inputs;
    const [upper, middle, lower] = outputs;
    const start = firstBar(inputs, outputs) + period! - 1;
    for (const output of outputs) fillWarmUp(output, start);
    slidingMaximum(high!, start, high!.length, period!, upper!.subarray(start));
    slidingMinimum(low!, start, low!.length, period!, lower!.subarray(start));
    mean(upper!, lower!, start, middle!);
  },
  stream({ period }) {
    const highest = new RunningMaximum(period!);
    const lowest = new RunningMinimum(period!);
    let warmUp = period! - 1;
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = highest.next(inputs[0]!);
      outputs[2] = lowest.next(inputs[1]!);
      outputs[1] = (outputs[0] + outputs[2]) / 2;
      if (warmUp > 0) {
        warmUp--;
        outputs.fill(Number.NaN);
      }
    });
  },
};

function mean(one: Float64Array, other: Float64Array, start: number, output: Float64Array): void {
  const length = output.length;
  for (let i = start; i < length; i++) output[i] = (one[i]! + other[i]!) / 2;
}

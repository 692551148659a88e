import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { aroonKernel, RunningAroon } from './aroon-lines.ts';

/** Aroon oscillator: Aroon up less Aroon down, -100 to 100. */
export const aroonosc: Indicator = {
  name: 'AROONOSC',
  title: 'Aroon oscillator',
  params: [periodParam('period', 'Bars before this one in the window', 2, 14)],
  inputs: ['high', 'low'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    const down = new Float64Array(outputs[0]!.length);
    aroonKernel(inputs[0]!, inputs[1]!, first, period!, down, outputs[0]!);
    subtract(outputs[0]!, down, first);
    fillWarmUp(outputs[0]!, first + period!);
  },
  stream({ period }) {
    const lines = new RunningAroon(period!);
    return streamFromFirstBar((inputs, outputs) => {
      lines.next(inputs[0]!, inputs[1]!);
      outputs[0] = lines.up - lines.down;
    });
  },
};

function subtract(from: Float64Array, values: Float64Array, first: number): void {
  const length = from.length;
  for (let i = first; i < length; i++) from[i] = from[i]! - values[i]!;
}

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { emaWeight, RunningEma } from './running-ema.ts';

/** Exponential moving average with weight `2 / (period + 1)`, seeded with the plain average of the first `period` bars. */
export const ema: Indicator = {
  name: 'EMA',
  title: 'Exponential moving average',
  params: [periodParam('period', 'Bars of the seed and of the weight 2 / (period + 1)', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    fillWarmUp(outputs[0]!, first + period! - 1);
    emaKernel(inputs[0]!, first, period!, outputs[0]!);
  },
  stream({ period }) {
    const average = new RunningEma(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = average.next(inputs[0]!);
    });
  },
};

/** Averages `input` from bar `first` on; bars before `first + period - 1` of `output` are left alone. */
function emaKernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period - 1;
  if (start >= length) return;
  const weight = emaWeight(period);
  let sum = 0;
  for (let i = first; i <= start; i++) sum += input[i]!;
  let average = sum / period;
  output[start] = average;
  for (let i = start + 1; i < length; i++) {
    average = (input[i]! - average) * weight + average;
    output[i] = average;
  }
}

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { chainLookback, emaChain, feedChain, warmUpChain } from './ema-chain.ts';
import { emaWeight } from './running-ema.ts';

/** Double exponential moving average: `2 EMA - EMA(EMA)`. */
export const dema: Indicator = {
  name: 'DEMA',
  title: 'Double exponential moving average',
  params: [periodParam('period', 'Bars of each EMA', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => chainLookback(2, period!),
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const chain = emaChain(2, period!);
    const [once, twice] = [chain[0]!, chain[1]!];
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = feedChain(chain, inputs[0]!) ? 2 * once.value - twice.value : Number.NaN;
    });
  },
};

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + chainLookback(2, period);
  fillWarmUp(output, start);
  const chain = emaChain(2, period);
  if (!warmUpChain(chain, input, first, start - first)) return;
  const weight = emaWeight(period);
  let once = chain[0]!.value;
  let twice = chain[1]!.value;
  output[start] = 2 * once - twice;
  for (let i = start + 1; i < length; i++) {
    once = (input[i]! - once) * weight + once;
    twice = (once - twice) * weight + twice;
    output[i] = 2 * once - twice;
  }
}

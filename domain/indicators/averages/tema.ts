import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { chainLookback, emaChain, feedChain, warmUpChain } from './ema-chain.ts';
import { emaWeight } from './running-ema.ts';

/** Triple exponential moving average: `3 EMA - 3 EMA(EMA) + EMA(EMA(EMA))`. */
export const tema: Indicator = {
  name: 'TEMA',
  title: 'Triple exponential moving average',
  params: [periodParam('period', 'Bars of each EMA', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => chainLookback(3, period!),
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const chain = emaChain(3, period!);
    const [once, twice, thrice] = [chain[0]!, chain[1]!, chain[2]!];
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = feedChain(chain, inputs[0]!) ? thrice.value + (3 * once.value - 3 * twice.value) : Number.NaN;
    });
  },
};

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + chainLookback(3, period);
  fillWarmUp(output, start);
  const chain = emaChain(3, period);
  if (!warmUpChain(chain, input, first, start - first)) return;
  const weight = emaWeight(period);
  let once = chain[0]!.value;
  let twice = chain[1]!.value;
  let thrice = chain[2]!.value;
  output[start] = thrice + (3 * once - 3 * twice);
  for (let i = start + 1; i < length; i++) {
    once = (input[i]! - once) * weight + once;
    twice = (once - twice) * weight + twice;
    thrice = (twice - thrice) * weight + thrice;
    output[i] = thrice + (3 * once - 3 * twice);
  }
}

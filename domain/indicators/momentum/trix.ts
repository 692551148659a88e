import { chainLookback, emaChain, feedChain, warmUpChain } from '../averages/ema-chain.ts';
import { emaWeight } from '../averages/running-ema.ts';
import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { rateOfChange } from './roc.ts';

const STAGES = 3;

/** TRIX: the change from bar to bar, in percent, of the input smoothed three times by an EMA. */
export const trix: Indicator = {
  name: 'TRIX',
  title: 'Rate of change of a triple-smoothed EMA',
  params: [periodParam('period', 'Bars of each EMA', 1, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => chainLookback(STAGES, period!) + 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const chain = emaChain(STAGES, period!);
    const last = chain[STAGES - 1]!;
    return streamFromFirstBar((inputs, outputs) => {
      // NaN until the last stage is warm, and so is the change to its first value.
      const before = last.value;
      feedChain(chain, inputs[0]!);
      outputs[0] = rateOfChange(last.value, before);
    });
  },
};

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const warm = first + chainLookback(STAGES, period);
  fillWarmUp(output, warm + 1);
  const chain = emaChain(STAGES, period);
  if (!warmUpChain(chain, input, first, warm - first)) return;
  const weight = emaWeight(period);
  let once = chain[0]!.value;
  let twice = chain[1]!.value;
  let thrice = chain[2]!.value;
  for (let i = warm + 1; i < length; i++) {
    const before = thrice;
    once = (input[i]! - once) * weight + once;
    twice = (once - twice) * weight + twice;
    thrice = (twice - thrice) * weight + thrice;
    output[i] = rateOfChange(thrice, before);
  }
}

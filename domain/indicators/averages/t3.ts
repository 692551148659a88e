import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { chainLookback, emaChain, feedChain, warmUpChain } from './ema-chain.ts';
import { emaWeight } from './running-ema.ts';

const STAGES = 6;

/**
 * Tillson's T3: a generalised DEMA, `(1 + v) EMA - v EMA(EMA)` with volume factor `v`, applied three times. Multiplied out it is a
 * sum of the third to the sixth of a chain of six EMAs.
 */
export const t3: Indicator = {
  name: 'T3',
  title: 'T3 moving average',
  params: [
    periodParam('period', 'Bars of each EMA', 2, 5),
    {
      name: 'volumeFactor',
      kind: 'number',
      title: 'Weight of the correction, 0 for none',
      min: 0,
      max: 1,
      default: 0.7,
    },
  ],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => chainLookback(STAGES, period!),
  compute(inputs, { period, volumeFactor }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, volumeFactor!, outputs[0]!);
  },
  stream({ period, volumeFactor }) {
    const chain = emaChain(STAGES, period!, 'sum');
    const [, , e3, e4, e5, e6] = chain;
    const { c1, c2, c3, c4 } = coefficientsOf(volumeFactor!);
    return streamFromFirstBar((inputs, outputs) => {
      const warm = feedChain(chain, inputs[0]!);
      outputs[0] = warm ? c1 * e6!.value + c2 * e5!.value + c3 * e4!.value + c4 * e3!.value : Number.NaN;
    });
  },
};

/** Coefficients of the sixth, fifth, fourth and third EMA. */
function coefficientsOf(v: number): { c1: number; c2: number; c3: number; c4: number } {
  const square = v * v;
  const c1 = -(square * v);
  return { c1, c2: 3 * (square - c1), c3: -6 * square - 3 * (v - c1), c4: 1 + 3 * v - c1 + 3 * square };
}

function kernel(input: Float64Array, first: number, period: number, volumeFactor: number, output: Float64Array): void {
  const length = input.length;
  const start = first + chainLookback(STAGES, period);
  fillWarmUp(output, start);
  const chain = emaChain(STAGES, period, 'sum');
  if (!warmUpChain(chain, input, first, start - first)) return;
  const { c1, c2, c3, c4 } = coefficientsOf(volumeFactor);
  const weight = emaWeight(period);
  const rest = 1 - weight;
  let e1 = chain[0]!.value;
  let e2 = chain[1]!.value;
  let e3 = chain[2]!.value;
  let e4 = chain[3]!.value;
  let e5 = chain[4]!.value;
  let e6 = chain[5]!.value;
  output[start] = c1 * e6 + c2 * e5 + c3 * e4 + c4 * e3;
  for (let i = start + 1; i < length; i++) {
    e1 = weight * input[i]! + rest * e1;
    e2 = weight * e1 + rest * e2;
    e3 = weight * e2 + rest * e3;
    e4 = weight * e3 + rest * e4;
    e5 = weight * e4 + rest * e5;
    e6 = weight * e5 + rest * e6;
    output[i] = c1 * e6 + c2 * e5 + c3 * e4 + c4 * e3;
  }
}

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { covarianceKernel, RunningCovariance, slopeOf } from './running-covariance.ts';

/**
 * Beta of the second line to the first, by default of low to high: slope of its returns over those of the first in the last
 * `period` bars. It is 0 where the first does not move, as in TA-Lib, which also takes very small movements (squared deviations of the
 * returns below 1e-14) for none; this does not. The return from a price of 0 counts as 0.
 */
export const beta: Indicator = {
  name: 'BETA',
  title: 'Beta',
  params: [periodParam('period', 'Returns of the window', 1, 5)],
  inputs: ['high', 'low'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    const x = changes(inputs[0]!, first);
    const y = changes(inputs[1]!, first);
    covarianceKernel(x, y, first + 1, period!, 'slope', outputs[0]!);
    fillWarmUp(outputs[0]!, first + period!);
  },
  stream({ period }) {
    const window = new RunningCovariance(period!);
    let started = false;
    let x = 0;
    let y = 0;
    return streamFromFirstBar((inputs, outputs) => {
      if (started) window.next(change(x, inputs[0]!), change(y, inputs[1]!));
      started = true;
      x = inputs[0]!;
      y = inputs[1]!;
      outputs[0] = slopeOf(window.xx, window.xy);
    });
  },
};

function change(from: number, to: number): number {
  return from === 0 ? 0 : (to - from) / from;
}

/** Returns of a column from bar `first + 1` on; 0 before. */
function changes(prices: Float64Array, first: number): Float64Array {
  const length = prices.length;
  const returns = new Float64Array(length);
  for (let i = first + 1; i < length; i++) returns[i] = change(prices[i - 1]!, prices[i]!);
  return returns;
}

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { RunningCovariance } from './running-covariance.ts';

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
    kernel(inputs[0]!, inputs[1]!, firstBar(inputs, outputs), period!, outputs[0]!);
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
      outputs[0] = slope(window.xx, window.xy);
    });
  },
};

function change(from: number, to: number): number {
  return from === 0 ? 0 : (to - from) / from;
}

function slope(xx: number, xy: number): number {
  return xx === 0 ? 0 : xy / xx;
}

function kernel(x: Float64Array, y: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = output.length;
  const window = new RunningCovariance(period);
  fillWarmUp(output, first + 1);
  for (let i = first + 1; i < length; i++) {
    window.next(change(x[i - 1]!, x[i]!), change(y[i - 1]!, y[i]!));
    output[i] = slope(window.xx, window.xy);
  }
}

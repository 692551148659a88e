import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { RunningWma } from './running-wma.ts';

/**
 * Hull moving average: the WMA over `sqrt(period)` bars of `2 WMA(period / 2) - WMA(period)`, both counts rounded down.
 *
 * @see https://alanhull.com/hull-moving-average
 */
export const hma: Indicator = {
  name: 'HMA',
  title: 'Hull moving average',
  params: [periodParam('period', 'Bars of the slow average', 2, 20)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1 + smoothingOf(period!) - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const slow = new RunningWma(period!);
    const fast = new RunningWma(Math.floor(period! / 2));
    const smoothed = new RunningWma(smoothingOf(period!));
    let bars = 0;
    return streamFromFirstBar((inputs, outputs) => {
      const fastValue = fast.next(inputs[0]!);
      const slowValue = slow.next(inputs[0]!);
      outputs[0] = ++bars < period! ? Number.NaN : smoothed.next(2 * fastValue - slowValue);
    });
  },
};

function smoothingOf(period: number): number {
  return Math.floor(Math.sqrt(period));
}

/** The stream over a column: what the outer average reads is kept no longer than its window. */
function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period - 1;
  const slow = new RunningWma(period);
  const fast = new RunningWma(Math.floor(period / 2));
  const smoothed = new RunningWma(smoothingOf(period));
  fillWarmUp(output, start);
  for (let i = first; i < length; i++) {
    const value = input[i]!;
    const fastValue = fast.next(value);
    const slowValue = slow.next(value);
    if (i >= start) output[i] = smoothed.next(2 * fastValue - slowValue);
  }
}

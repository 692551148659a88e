import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { FRESH_BARS, RunningWma } from './running-wma.ts';

/** Weighted moving average: the newest bar weighs `period`, the one before `period - 1`, and so on down to 1. */
export const wma: Indicator = {
  name: 'WMA',
  title: 'Weighted moving average',
  params: [periodParam('period', 'Bars averaged', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const average = new RunningWma(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = average.next(inputs[0]!);
    });
  },
};

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period - 1;
  fillWarmUp(output, start);
  if (start >= length) return;
  for (let from = start; from < length; from += FRESH_BARS) {
    wmaStretch(input, from, Math.min(from + FRESH_BARS, length), period, output);
  }
}

/** Bars `from .. to-1`, from sums that are made anew, so that no rounding is carried on for longer. */
function wmaStretch(input: Float64Array, from: number, to: number, period: number, output: Float64Array): void {
  const divisor = (period * (period + 1)) / 2;
  const begin = from - period + 1;
  let weighted = 0;
  let plain = 0;
  for (let i = begin; i < from; i++) {
    plain += input[i]!;
    weighted += input[i]! * (i - begin + 1);
  }
  // Taking the plain sum of the window off the weighted one lowers every weight by one.
  let oldest = 0;
  for (let i = from, trailing = begin; i < to; i++, trailing++) {
    const value = input[i]!;
    plain = plain + value - oldest;
    weighted += value * period;
    oldest = input[trailing]!;
    output[i] = weighted / divisor;
    weighted -= plain;
  }
}

import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { isZero } from '../zero.ts';
import { STRETCH_BARS } from '../stretch.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Weights of Kaufman's slowest (30 bars) and fastest (2 bars) average. */
const SLOWEST = 2 / (30 + 1);
const SPREAD = 2 / (2 + 1) - SLOWEST;

/**
 * Kaufman's adaptive moving average: an EMA whose weight follows the efficiency of the move, which is the change over `period` bars
 * divided by the sum of the changes from bar to bar. It starts from the close before its first value.
 */
export const kama: Indicator = {
  name: 'KAMA',
  title: 'Kaufman adaptive moving average',
  params: [periodParam('period', 'Bars over which efficiency is measured', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const bars = period!;
    // The last `period + 1` values: the slot that is written next holds the oldest.
    const window = new Float64Array(bars + 1);
    let [slot, seen, path, previous, average] = [0, 0, 0, 0, 0];
    return streamFromFirstBar((inputs, outputs) => {
      const value = inputs[0]!;
      const left = window[slot]!;
      window[slot] = value;
      slot = slot === bars ? 0 : slot + 1;
      outputs[0] = Number.NaN;
      if (seen > bars) path -= Math.abs(left - window[slot]!);
      if (seen > 0) path += Math.abs(value - previous);
      if (seen === bars) average = previous;
      previous = value;
      if (seen <= bars) seen++;
      if (seen <= bars) return;
      average = (value - average) * weightOf(value - window[slot]!, path) + average;
      outputs[0] = average;
    });
  },
};

/** The weight of the newest bar, from the change over the period and the sum of the changes from bar to bar. */
function weightOf(change: number, path: number): number {
  const efficiency = path <= change || isZero(path) ? 1 : Math.abs(change / path);
  const weight = efficiency * SPREAD + SLOWEST;
  return weight * weight;
}

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period;
  fillWarmUp(output, start);
  if (start >= length) return;
  let path = 0;
  for (let i = first + 1; i <= start; i++) path += Math.abs(input[i]! - input[i - 1]!);
  let average = input[start - 1]!;
  average = (input[start]! - average) * weightOf(input[start]! - input[first]!, path) + average;
  output[start] = average;
  const state = Float64Array.of(path, average);
  for (let from = start + 1; from < length; from += STRETCH_BARS) {
    kamaStretch(input, from, Math.min(from + STRETCH_BARS, length), period, state, output);
  }
}

/** Goes on with `state` (path, average) over bars `from .. to-1`. */
function kamaStretch(
  input: Float64Array,
  from: number,
  to: number,
  period: number,
  state: Float64Array,
  output: Float64Array,
): void {
  let path = state[0]!;
  let average = state[1]!;
  let previous = input[from - 1]!;
  let oldest = input[from - 1 - period]!;
  for (let i = from; i < to; i++) {
    const value = input[i]!;
    const left = oldest;
    oldest = input[i - period]!;
    path -= Math.abs(left - oldest);
    path += Math.abs(value - previous);
    previous = value;
    average = (value - average) * weightOf(value - oldest, path) + average;
    output[i] = average;
  }
  state[0] = path;
  state[1] = average;
}

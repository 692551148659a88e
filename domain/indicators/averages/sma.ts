import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * Simple moving average: `(cs[i] - cs[i-period]) / period`, where `cs` is the running sum from the first bar. A rolling sum differs
 * from it in the last bits, and where two averages tie exactly those bits decide whether they cross.
 */
export const sma: Indicator = {
  name: 'SMA',
  title: 'Simple moving average',
  params: [periodParam('period', 'Bars averaged', 2, 30)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const bars = period!;
    const window = new Float64Array(bars);
    let slot = 0;
    let seen = 0;
    let sum = 0;
    let left = 0;
    return streamFromFirstBar((inputs, outputs) => {
      const value = inputs[0]!;
      sum += value;
      if (seen === bars) left += window[slot]!;
      else seen++;
      window[slot] = value;
      slot = slot + 1 === bars ? 0 : slot + 1;
      outputs[0] = seen === bars ? (sum - left) / bars : Number.NaN;
    });
  },
};

/** Two running sums, one `period` bars behind the other: the bits of a column of cumulative sums without the column. */
function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period - 1;
  fillWarmUp(output, start);
  if (start >= length) return;
  let sum = 0;
  for (let i = first; i < start; i++) sum += input[i]!;
  let left = 0;
  for (let i = start, trailing = first; i < length; i++, trailing++) {
    sum += input[i]!;
    output[i] = (sum - left) / period;
    left += input[trailing]!;
  }
}

/**
 * Running sum of a column from its first number on; NaN before. Made once, it serves the averages of any number of periods
 * through `smaFromCumulative`.
 */
export function cumulativeSum(input: Float64Array, output: Float64Array): void {
  const length = input.length;
  const first = firstBar([input], [output]);
  fillWarmUp(output, first);
  let sum = 0;
  for (let i = first; i < length; i++) {
    sum += input[i]!;
    output[i] = sum;
  }
}

/** The SMA of the column whose `cumulativeSum` is given, bit for bit what `sma.compute` gives. `period` >= 1, in bars. */
export function smaFromCumulative(cumulative: Float64Array, period: number, output: Float64Array): void {
  const length = cumulative.length;
  const first = firstBar([cumulative], [output]);
  const start = first + period - 1;
  fillWarmUp(output, start);
  if (start >= length) return;
  output[start] = cumulative[start]! / period;
  for (let i = start + 1, trailing = first; i < length; i++, trailing++) {
    output[i] = (cumulative[i]! - cumulative[trailing]!) / period;
  }
}

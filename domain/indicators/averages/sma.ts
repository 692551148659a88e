import type { Indicator, IndicatorStream } from '../indicator.ts';
import { fillWarmUp, firstBar } from '../warm-up.ts';

/**
 * Simple moving average: `(cs[i] - cs[i-period]) / period`, where `cs` is the running sum from the first bar. A rolling sum differs
 * from it in the last bits, and where two averages tie exactly those bits decide whether they cross.
 */
export const sma: Indicator = {
  name: 'SMA',
  title: 'Simple moving average',
  params: [{ name: 'period', kind: 'integer', title: 'Bars averaged', min: 1, max: 100_000, default: 30 }],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, [output]) {
    const first = firstBar(inputs);
    smaKernel(inputs[0]!, first, period!, output!);
  },
  stream: ({ period }) => smaStream(period!),
};

/** Two running sums, one `period` bars behind the other: the bits of a column of cumulative sums without the column. */
function smaKernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period - 1;
  fillWarmUp(output, start);
  let sum = 0;
  for (let i = first; i < start && i < length; i++) sum += input[i]!;
  let left = 0;
  for (let i = start, trailing = first; i < length; i++, trailing++) {
    sum += input[i]!;
    output[i] = (sum - left) / period;
    left += input[trailing]!;
  }
}

function smaStream(period: number): IndicatorStream {
  const window = new Float64Array(period);
  let seen = 0;
  let slot = 0;
  let sum = 0;
  let left = 0;
  return {
    next(inputs, outputs) {
      const value = inputs[0]!;
      outputs[0] = Number.NaN;
      if (seen === 0 && Number.isNaN(value)) return;
      sum += value;
      if (seen >= period) left += window[slot]!;
      window[slot] = value;
      if (++slot === period) slot = 0;
      if (++seen >= period) outputs[0] = (sum - left) / period;
    },
  };
}

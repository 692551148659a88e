import { describe, expect, it } from '@jest/globals';
import { cumulativeSum, sma, smaFromCumulative } from '../../../../domain/indicators/averages/sma.ts';
import { randomWalk } from '../../../contracts/indicator-bars.ts';
import { lineOf } from '../lines.ts';

const { close } = randomWalk(21, 3_000);
const periods = [2, 3, 7, 10, 50, 99, 1_500, 3_000, 3_001];

/** The definition with which vectorbt's averages agree: a column of cumulative sums, differences of which are divided. */
function byDefinition(input: Float64Array, period: number): Float64Array {
  const sums: number[] = [];
  let sum = 0;
  for (const value of input) {
    sum += value;
    sums.push(sum);
  }
  return input.map((_, i) => {
    if (i < period - 1) return Number.NaN;
    return (sums[i]! - (i < period ? 0 : sums[i - period]!)) / period;
  });
}

describe('SMA', () => {
  it.each(periods)('of %i bars is the difference of cumulative sums, to the bit', (period) => {
    expect(lineOf(sma, { period }, close)).toEqual(byDefinition(close, period));
  });

  it('differs from a rolling sum in the last bits', () => {
    let sum = 0;
    const rolling = close.map((value, i) => {
      sum += value;
      const average = sum / 10;
      if (i >= 9) sum -= close[i - 9]!;
      return i < 9 ? Number.NaN : average;
    });
    expect(lineOf(sma, { period: 10 }, close)).not.toEqual(rolling);
  });

  it.each(periods)('of %i bars can be made of sums shared with other periods, to the bit', (period) => {
    for (const input of [close, close.slice().fill(Number.NaN, 0, 5)]) {
      const sums = new Float64Array(input.length);
      cumulativeSum(input, sums);
      const line = new Float64Array(input.length);
      smaFromCumulative(sums, period, line);
      expect(line).toEqual(lineOf(sma, { period }, input));
    }
  });
});

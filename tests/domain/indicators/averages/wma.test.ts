import { expect, it } from '@jest/globals';
import { wma } from '../../../../domain/indicators/averages/wma.ts';
import { lineOf } from '../lines.ts';

it('loses no digits over a hundred thousand bars, fed as a column or bar by bar', () => {
  const period = 30;
  // Cents around 100,000, and one bar of a price so large that it would leave its rounding behind in sums that are never made anew.
  const prices = Array.from({ length: 100_000 }, (_, i) => 100_000 + ((i * 7_919) % 1_009) / 100);
  prices[10] = 1e15;
  const line = lineOf(wma, { period }, prices);
  const stream = wma.stream({ period });
  const streamed = Float64Array.from(prices, (price) => {
    const output = new Float64Array(1);
    stream.next([price], output);
    return output[0]!;
  });
  expect(streamed).toEqual(line);
  // The definition: weights 1 to 30 over their sum 465.
  const last = prices.slice(-period).reduce((sum, price, k) => sum + price * (k + 1), 0) / 465;
  // A thousand bars of rounding, 2^-53 for each of a few operations, stay below this; those of all bars, and of the large price, do not.
  expect(Math.abs(line.at(-1)! / last - 1)).toBeLessThan(1e-12);
});

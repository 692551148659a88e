import { type Figure, isDefined } from '../metrics/figure.ts';
import { type Moments, momentsOf, sum } from '../metrics/moments.ts';

/**
 * Above this size, runs of neighbours are left out of the sample instead of single values: leaving out each value is quadratic.
 */
const MOST_LEFT_OUT = 1_000;

/** Any statistic of the sample without each value (or each run of neighbours) in turn, those that are not defined left out. */
export function leaveOut(sample: Float64Array, statistic: (rest: Float64Array) => Figure): Float64Array {
  const size = Math.ceil(sample.length / MOST_LEFT_OUT);
  const values: number[] = [];
  for (let from = 0; from < sample.length; from += size) {
    const to = Math.min(from + size, sample.length);
    const rest = new Float64Array(sample.length - (to - from));
    rest.set(sample.subarray(0, from));
    rest.set(sample.subarray(to), from);
    const value = statistic(rest);
    if (isDefined(value)) values.push(value);
  }
  return Float64Array.from(values);
}

/** The mean without each value in turn: (n mean - x) / (n - 1). */
export function meansWithoutEach(sample: Float64Array): Float64Array {
  const total = sum(sample);
  return sample.map((value) => (total - value) / (sample.length - 1));
}

/** Gains over losses without each value in turn; without the only loss there is none. */
export function profitFactorsWithoutEach(sample: Float64Array): Float64Array {
  const { won, lost, losses } = gainsAndLosses(sample);
  const factors = new Float64Array(sample.length);
  let count = 0;
  for (let i = 0; i < sample.length; i++) {
    const value = sample[i]!;
    if (value < 0 && losses === 1) continue;
    factors[count++] = value > 0 ? (won - value) / lost : won / (lost + value);
  }
  return factors.subarray(0, count);
}

/** Sums of what was won and lost, both positive, and how often something was lost. */
export function gainsAndLosses(pnl: Float64Array): {
  readonly won: number;
  readonly lost: number;
  readonly losses: number;
} {
  let [won, lost, losses] = [0, 0, 0];
  for (let i = 0; i < pnl.length; i++) {
    const value = pnl[i]!;
    if (value > 0) won += value;
    else if (value < 0) {
      lost -= value;
      losses += 1;
    }
  }
  return { won, lost, losses };
}

/**
 * What is made of mean and sum of squares about it, of the sample without each value in turn: the mean is mean - d / (n - 1), the squares
 * are squares - d^2 n / (n - 1), d = value - mean (Welford 1962, backwards).
 */
export function momentsWithoutEach(
  sample: Float64Array,
  statistic: (moments: Pick<Moments, 'n' | 'mean' | 'squares'>) => Figure,
): Float64Array {
  const { n, mean, squares } = momentsOf(sample);
  const values = new Float64Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const distance = sample[i]! - mean;
    const rest = {
      n: n - 1,
      mean: mean - distance / (n - 1),
      squares: Math.max(0, squares - (distance * distance * n) / (n - 1)),
    };
    const value = statistic(rest);
    if (isDefined(value)) values[count++] = value;
  }
  return values.subarray(0, count);
}

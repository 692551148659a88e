import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { type Undefined, undefinedBecause } from '../metrics/figure.ts';

/** How an interval was found. */
export type IntervalMethod =
  /** Values drawn with replacement, corrected for bias and skewness. */
  | 'bca'
  /** Estimate plus and minus a multiple of the jackknife's standard error: for many values, whose mean is as good as normal. */
  | 'normal'
  /** Quantiles over series drawn in blocks, which keeps together what followed on each other. */
  | 'block-bootstrap';

/** A confidence interval of a figure. */
export interface Interval {
  readonly method: IntervalMethod;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Share of such intervals that would hold the true value. */
  readonly level: number;
  readonly standardError: number;
}

/** The level of an interval, 0.95 by default. Throws a `RangeError` for what is none. */
export function checkedLevel(level = 0.95): number {
  if (level > 0 && level < 1) return level;
  throw new RangeError(`the level is ${level}: give a ratio between 0 and 1`);
}

/**
 * Estimate +- z x standard error, the standard error by the jackknife: sqrt((n - 1) / n x sum((value - mean)^2)) of the n values of the
 * statistic without each value of the sample in turn (Efron and Tibshirani 1993, chapter 11). Of a mean that is the usual one.
 */
export function normalInterval(estimate: number, leftOut: Float64Array, level: number): Interval | Undefined {
  const { n, squares } = aboutMean(leftOut);
  const standardError = Math.sqrt(((n - 1) / n) * squares);
  if (!(standardError > 0)) {
    return undefinedBecause('it is the same without any of the values: nothing is known of its spread');
  }
  const reach = normalQuantile((1 + level) / 2, 0, 1) * standardError;
  return { method: 'normal', estimate, low: estimate - reach, high: estimate + reach, level, standardError };
}

/** sum(d^3) / (6 sum(d^2)^1.5), d = mean of the values - value; 0 when they are all the same. */
export function acceleration(leftOut: Float64Array): number {
  const { squares, cubes } = aboutMean(leftOut);
  return squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
}

/** Sums of the powers of mean - value. */
function aboutMean(values: Float64Array): {
  readonly n: number;
  readonly squares: number;
  readonly cubes: number;
} {
  let total = 0;
  for (const value of values) total += value;
  const centre = total / values.length;
  let [squares, cubes] = [0, 0];
  for (const value of values) {
    const distance = centre - value;
    squares += distance * distance;
    cubes += distance * distance * distance;
  }
  return { n: values.length, squares, cubes };
}

import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { type Figure, isDefined, type Undefined, undefinedBecause } from '../metrics/figure.ts';
import { percentile } from '../metrics/percentile.ts';
import { checkedCount, seededRandom } from './seeded-random.ts';

/** A statistic of a sample. It must not keep the array: the next sample is written into it. */
export type Statistic = (sample: Float64Array) => Figure;

export interface BootstrapOptions {
  readonly seed: number;
  /** 9,999 by default: of the quantiles of a 95 % interval the noise is then about 2 % of its width. */
  readonly resamples?: number;
  /** Share of intervals that would hold the true value; 0.95 by default. */
  readonly level?: number;
}

export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  /** Resamples whose statistic was defined. */
  readonly resamples: number;
  /** Standard deviation of the statistic over the resamples. */
  readonly standardError: number;
  /** Median bias, in standard deviations. */
  readonly bias: number;
  /** How fast the standard error changes with the value. */
  readonly acceleration: number;
}

/**
 * Above this size, runs of neighbours are left out of the sample instead of single values to estimate the acceleration: leaving out each
 * value is quadratic.
 */
const MOST_LEFT_OUT = 1_000;

/**
 * Confidence interval of a statistic by the bias-corrected and accelerated bootstrap (Efron 1987, Efron and Tibshirani 1993, chapter
 * 14): values are drawn with replacement, so they are taken to be independent and their order to be without meaning. Resamples without a
 * statistic (no losing trade, say) are left out and counted.
 *
 * Not defined when the statistic of the sample is not, when all resamples give the same, or when the estimate lies outside of them.
 */
export function bcaInterval(
  sample: Float64Array,
  statistic: Statistic,
  options: BootstrapOptions,
): Interval | Undefined {
  const resamples = checkedCount('resamples', options.resamples ?? 9_999);
  const level = options.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new RangeError(`the level is ${level}: give a ratio between 0 and 1`);
  if (sample.length < 2) return undefinedBecause(`it needs at least 2 values, there are ${sample.length}`);
  const estimate = statistic(sample);
  if (!isDefined(estimate)) return estimate;
  const replicates = bootstrapReplicates(sample, statistic, resamples, options.seed);
  return bcaFrom(estimate, replicates, jackknife(sample, statistic), level);
}

/** The statistic of each resample, those without one left out. */
function bootstrapReplicates(
  sample: Float64Array,
  statistic: Statistic,
  resamples: number,
  seed: number,
): Float64Array {
  const random = seededRandom(seed);
  const drawn = new Float64Array(sample.length);
  const replicates = new Float64Array(resamples);
  let count = 0;
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j < drawn.length; j++) drawn[j] = sample[random.index(sample.length)]!;
    const value = statistic(drawn);
    if (isDefined(value)) replicates[count++] = value;
  }
  return replicates.subarray(0, count);
}

/** The statistic of the sample without each value (or each run of neighbours) in turn. */
function jackknife(sample: Float64Array, statistic: Statistic): Float64Array {
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

/** The interval from an estimate, its values over resamples and its values with parts left out. */
export function bcaFrom(
  estimate: number,
  replicates: Float64Array,
  leftOut: Float64Array,
  level: number,
): Interval | Undefined {
  const sorted = replicates.toSorted();
  const { length } = sorted;
  if (length === 0 || sorted[0] === sorted[length - 1]) {
    return undefinedBecause('every resample gives the same value: nothing is known of its spread');
  }
  let [below, equal, total] = [0, 0, 0];
  for (const value of sorted) {
    if (value < estimate) below += 1;
    else if (value === estimate) equal += 1;
    total += value;
  }
  const share = (below + equal / 2) / length;
  if (share === 0 || share === 1) {
    return undefinedBecause('the estimate lies outside of all resamples: its bias cannot be corrected');
  }
  const bias = normalQuantile(share, 0, 1);
  const acceleration = accelerationOf(leftOut);
  const [zLow, zHigh] = [(1 - level) / 2, (1 + level) / 2].map(
    (probability) => bias + normalQuantile(probability, 0, 1),
  );
  if (1 - acceleration * zLow! <= 0 || 1 - acceleration * zHigh! <= 0) {
    return undefinedBecause('the sample is too small for its skewness: the correction runs beyond all resamples');
  }
  const end = (z: number): number => percentile(sorted, normalCdf(bias + z / (1 - acceleration * z), 0, 1));
  const centre = total / length;
  let squares = 0;
  for (const value of sorted) squares += (value - centre) ** 2;
  return {
    estimate,
    low: end(zLow!),
    high: end(zHigh!),
    level,
    resamples: length,
    standardError: Math.sqrt(squares / (length - 1)),
    bias,
    acceleration,
  };
}

/** sum(d^3) / (6 sum(d^2)^1.5), d = mean of the values - value; 0 when they are all the same. */
function accelerationOf(leftOut: Float64Array): number {
  let total = 0;
  for (const value of leftOut) total += value;
  const centre = total / leftOut.length;
  let [squares, cubes] = [0, 0];
  for (const value of leftOut) {
    const distance = centre - value;
    squares += distance * distance;
    cubes += distance * distance * distance;
  }
  return squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
}

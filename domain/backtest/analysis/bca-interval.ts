import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { type Figure, isDefined, type Undefined, undefinedBecause } from '../metrics/figure.ts';
import { percentile } from '../metrics/percentile.ts';
import { checkedCount, seededRandom } from './seeded-random.ts';
import { acceleration, checkedLevel, type Interval } from './interval.ts';
import { leaveOut } from './leave-one-out.ts';

/** A statistic of a sample. It must not keep the array: the next sample is written into it. */
export type Statistic = (sample: Float64Array) => Figure;

export interface BootstrapOptions {
  readonly seed: number;
  /** 9,999 by default: of the quantiles of a 95 % interval the noise is then about 2 % of its width. */
  readonly resamples?: number;
  /** Share of intervals that would hold the true value; 0.95 by default. */
  readonly level?: number;
}

/** An interval and what corrected it. */
export interface BcaInterval extends Interval {
  readonly method: 'bca';
  /** Resamples whose statistic was defined. */
  readonly resamples: number;
  /** Median bias, in standard deviations. */
  readonly bias: number;
  /** How fast the standard error changes with the value. */
  readonly acceleration: number;
}

/**
 * Confidence interval of a statistic by the bias-corrected and accelerated bootstrap (Efron 1987, Efron and Tibshirani 1993, chapter
 * 14): values are drawn with replacement, so they are taken to be independent and their order to be without meaning. Resamples without a
 * statistic (no losing trade, say) are left out and counted.
 *
 * Not defined when the statistic of the sample is not, when all resamples give the same, or when the estimate lies outside of them.
 *
 * @param leftOut the statistic without each value in turn, where there is a shorter way to it than to compute it so often.
 */
export function bcaInterval(
  sample: Float64Array,
  statistic: Statistic,
  options: BootstrapOptions,
  leftOut: (sample: Float64Array) => Float64Array = (values) => leaveOut(values, statistic),
): BcaInterval | Undefined {
  const resamples = checkedCount('resamples', options.resamples ?? 9_999);
  const level = checkedLevel(options.level);
  if (sample.length < 2) return undefinedBecause(`it needs at least 2 values, there are ${sample.length}`);
  const estimate = statistic(sample);
  if (!isDefined(estimate)) return estimate;
  const replicates = bootstrapReplicates(sample, statistic, resamples, options.seed);
  return bcaFrom(estimate, replicates, leftOut(sample), level);
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
    for (let j = 0; j < drawn.length; j++) drawn[j] = sample[random.quickIndex(sample.length)]!;
    const value = statistic(drawn);
    if (isDefined(value)) replicates[count++] = value;
  }
  return replicates.subarray(0, count);
}

/** The interval from an estimate, its values over resamples and its values with parts left out. */
export function bcaFrom(
  estimate: number,
  replicates: Float64Array,
  leftOut: Float64Array,
  level: number,
): BcaInterval | Undefined {
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
  const speed = acceleration(leftOut);
  const [zLow, zHigh] = [(1 - level) / 2, (1 + level) / 2].map(
    (probability) => bias + normalQuantile(probability, 0, 1),
  );
  if (1 - speed * zLow! <= 0 || 1 - speed * zHigh! <= 0) {
    return undefinedBecause('the sample is too small for its skewness: the correction runs beyond all resamples');
  }
  const end = (z: number): number => percentile(sorted, normalCdf(bias + z / (1 - speed * z), 0, 1));
  const centre = total / length;
  let squares = 0;
  for (const value of sorted) squares += (value - centre) ** 2;
  return {
    method: 'bca',
    estimate,
    low: end(zLow!),
    high: end(zHigh!),
    level,
    resamples: length,
    standardError: Math.sqrt(squares / (length - 1)),
    bias,
    acceleration: speed,
  };
}

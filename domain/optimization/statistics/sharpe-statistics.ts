import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** What the distribution of returns looks like. Sharpe ratios are those of one period, not annual. */
export interface SharpeSample {
  readonly sharpe: number;
  /** Returns that it was measured on. */
  readonly n: number;
  readonly skew: number;
  /** Raw kurtosis: 3 for the normal distribution. */
  readonly rawKurtosis: number;
}

const EULER_MASCHERONI = 0.577_215_664_901_532_9;

/** Variance of the estimated Sharpe ratio, times n - 1. NaN where the moments leave none. */
function sharpeVariance({ sharpe, skew, rawKurtosis }: SharpeSample): number {
  const variance = 1 - skew * sharpe + ((rawKurtosis - 1) / 4) * sharpe * sharpe;
  return variance > 0 ? variance : Number.NaN;
}

/**
 * Probability that the true Sharpe ratio is above `benchmark` (both of one period). NaN where the moments leave no variance.
 *
 * @see Bailey and Lopez de Prado, "The Sharpe Ratio Efficient Frontier", Journal of Risk 15(2), 2012.
 */
export function probabilisticSharpe(sample: SharpeSample, benchmark: number): number {
  const z = ((sample.sharpe - benchmark) * Math.sqrt(sample.n - 1)) / Math.sqrt(sharpeVariance(sample));
  return normalCdf(z, 0, 1);
}

/**
 * The Sharpe ratio (of one period) that the best of `trials` worthless strategies is expected to show.
 *
 * @param variance of the Sharpe ratios of all trials, of one period.
 * @see Bailey and Lopez de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio Management 40(5), 2014, equation 1.
 */
export function expectedBestSharpe(variance: number, trials: number): number {
  if (trials <= 1) return 0;
  const inner = normalQuantile(1 - 1 / trials, 0, 1);
  const outer = normalQuantile(1 - 1 / (trials * Math.E), 0, 1);
  return Math.sqrt(variance) * ((1 - EULER_MASCHERONI) * inner + EULER_MASCHERONI * outer);
}

/** The probabilistic Sharpe ratio against the best that chance would have shown in so many trials. */
export function deflatedSharpe(sample: SharpeSample, variance: number, trials: number): number {
  return probabilisticSharpe(sample, expectedBestSharpe(variance, trials));
}

/**
 * Returns that are needed to believe with `confidence` that the true Sharpe ratio is above `benchmark`; Infinity when the measured
 * one is not.
 *
 * @see Bailey and Lopez de Prado, "The Sharpe Ratio Efficient Frontier", 2012, minimum track record length.
 */
export function minimumTrackLength(sample: SharpeSample, benchmark: number, confidence: number): number {
  if (sample.sharpe <= benchmark) return Number.POSITIVE_INFINITY;
  const z = normalQuantile(confidence, 0, 1);
  return 1 + sharpeVariance(sample) * (z / (sample.sharpe - benchmark)) ** 2;
}

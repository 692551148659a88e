import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import type { Prediction } from '../result.ts';
import { type Judged, judged, needs, unjudged } from './judgement.ts';

export const PREDICTION_CONFIDENCE = 0.9;
const LEAST_RETURNS = 8;

/** Daily returns that a prediction is made from. */
export interface PredictionInput {
  /** Of the chosen parameters, on the data they were chosen on. */
  readonly chosen: Float64Array;
  /** Of the walk-forward's trials put end to end; `null` without one. */
  readonly outOfSample: Float64Array | null;
  /** The Sharpe ratio of one day that so many worthless trials would show at best; `null` where not known. */
  readonly expectedBest: number | null;
  readonly horizonDays: number;
}

interface LogReturns {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

function logReturns(returns: Float64Array): LogReturns {
  const n = returns.length;
  let mean = 0;
  for (const r of returns) mean += Math.log1p(r) / n;
  let squares = 0;
  for (const r of returns) squares += (Math.log1p(r) - mean) ** 2;
  return { n, mean, variance: squares / (n - 1) };
}

/**
 * The interval that the return of the chosen parameters over the next `horizonDays` days lies in. What they earned on the data that they were
 * chosen on says too much of them: the best of many was lucky as well. So the expectation is the mean daily return of the walk-forward, where
 * each choice met fresh data; without one, the in-sample mean less what the best of so many worthless trials shows. Its error and the noise of
 * the days ahead make the width: log returns, Student's t with the degrees of freedom of the mean.
 */
export function predict({ chosen, outOfSample, expectedBest, horizonDays }: PredictionInput): Judged<Prediction> {
  const own = chosen.length;
  if (own < LEAST_RETURNS) return needs(LEAST_RETURNS, 'daily return', own);
  if (chosen.some((r) => r <= -1) || (outOfSample ?? []).some((r: number) => r <= -1))
    return unjudged('a day lost all of the capital: there is nothing to go on with');
  const inSample = logReturns(chosen);
  const fresh = outOfSample === null ? null : logReturns(outOfSample);
  if (fresh !== null && fresh.n < LEAST_RETURNS)
    return needs(LEAST_RETURNS, 'daily return of the walk-forward', fresh.n);
  if (fresh === null && expectedBest === null)
    return unjudged('without a walk-forward it needs the spread of the trials, which is not known');
  const deviation = Math.sqrt(inSample.variance);
  const mean = fresh?.mean ?? inSample.mean - expectedBest! * deviation;
  const n = fresh?.n ?? inSample.n;
  // The mean was measured on the returns of the choices, the days ahead are those of the chosen one.
  const ofMean = Math.max(fresh?.variance ?? 0, inSample.variance) / n;
  const spread = Math.sqrt(inSample.variance * horizonDays + ofMean * horizonDays ** 2);
  const half = studentQuantile((1 + PREDICTION_CONFIDENCE) / 2, n - 1) * spread;
  const middle = mean * horizonDays;
  return judged({
    confidence: PREDICTION_CONFIDENCE,
    low: Math.expm1(middle - half),
    high: Math.expm1(middle + half),
    horizonDays,
    expected: Math.expm1(middle),
    basis: fresh === null ? 'deflated' : 'walk-forward',
    inSample: Math.expm1(inSample.mean * horizonDays),
  });
}

/**
 * Quantile of Student's t by its expansion around the normal one, to four digits from 7 degrees of freedom on.
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
 */
export function studentQuantile(p: number, degrees: number): number {
  const z = normalQuantile(p, 0, 1);
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, k) => sum + term / degrees ** (k + 1), z);
}

import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { type SeededRandom, seededRandom } from '../../backtest/analysis/seeded-random.ts';
import { momentsOf } from '../../backtest/metrics/moments.ts';
import { percentile } from '../../backtest/metrics/percentile.ts';
import type { Prediction } from '../result.ts';
import { type Judged, judged, needs, unjudged } from './judgement.ts';

export const PREDICTION_CONFIDENCE = 0.9;
const LEAST_RETURNS = 8;
const DRAWS = 10_000;
/** Keeps a drawn probability off 0 and 1, whose quantiles are infinite. */
const OPEN = 1e-6;

/** Daily returns that a prediction is made from. */
export interface PredictionInput {
  /** Of the chosen parameters, on the data they were chosen on. */
  readonly chosen: Float64Array;
  /** Of the walk-forward's trials put end to end; `null` without one. */
  readonly outOfSample: Float64Array | null;
  /** The Sharpe ratio of one day that so many worthless trials would show at best; `null` where not known. */
  readonly expectedBest: number | null;
  readonly horizonDays: number;
  readonly seed: number;
}

interface LogReturns {
  readonly values: Float64Array;
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

function logReturns(returns: Float64Array): LogReturns {
  const values = returns.map((r) => Math.log1p(r));
  const { n, mean, squares } = momentsOf(values);
  return { values, n, mean, variance: squares / (n - 1) };
}

/**
 * The interval that the return of the chosen parameters over the next `horizonDays` days lies in. What they earned on the data that they were
 * chosen on says too much of them: the best of many was lucky as well. So the expectation is the mean daily return of the walk-forward, where
 * each choice met fresh data; without one, the in-sample mean less what the best of so many worthless trials shows. Two things make the width,
 * both drawn: the error of that mean, as Student's t of its returns, and the days ahead, in blocks of the chosen parameters' own days, so that
 * busy times come together as they do. In log returns.
 */
export function predict(input: PredictionInput): Judged<Prediction> {
  const { chosen, outOfSample, expectedBest, horizonDays } = input;
  const reason = obstacleOf(input);
  if (reason !== null) return reason;
  const inSample = logReturns(chosen);
  const fresh = outOfSample === null ? null : logReturns(outOfSample);
  const mean = fresh?.mean ?? inSample.mean - expectedBest! * Math.sqrt(inSample.variance);
  const n = fresh?.n ?? inSample.n;
  // The best may have been quiet by luck as well as profitable: fresh data show how much a choice really varies.
  const variance = Math.max(fresh?.variance ?? 0, inSample.variance);
  const errorOfMean = Math.sqrt(variance / n);
  const middle = mean * horizonDays;
  const random = seededRandom(input.seed);
  const days = daysAhead(inSample, variance, horizonDays, random);
  const outcomes = Float64Array.from({ length: DRAWS }, () => {
    const error = studentQuantile(OPEN + random.next() * (1 - 2 * OPEN), n - 1) * errorOfMean;
    return middle + error * horizonDays + days();
  }).sort();
  const tail = (1 - PREDICTION_CONFIDENCE) / 2;
  return judged({
    confidence: PREDICTION_CONFIDENCE,
    low: Math.expm1(percentile(outcomes, tail)),
    high: Math.expm1(percentile(outcomes, 1 - tail)),
    horizonDays,
    expected: Math.expm1(middle),
    basis: fresh === null ? 'deflated' : 'walk-forward',
    inSample: Math.expm1(inSample.mean * horizonDays),
  });
}

function obstacleOf({ chosen, outOfSample, expectedBest }: PredictionInput): Judged<Prediction> | null {
  if (chosen.length < LEAST_RETURNS) return needs(LEAST_RETURNS, 'daily return', chosen.length);
  if (chosen.some((r) => r <= -1) || (outOfSample ?? new Float64Array(0)).some((r) => r <= -1))
    return unjudged('a day lost all of the capital: there is nothing to go on with');
  if (outOfSample !== null && outOfSample.length < LEAST_RETURNS)
    return needs(LEAST_RETURNS, 'daily return', outOfSample.length);
  if (outOfSample === null && expectedBest === null)
    return unjudged('without a walk-forward it needs the spread of the trials, which is not known');
  return null;
}

/** Draws the sum of so many days' distances from their mean, in blocks of random length (Politis and Romano 1994). */
function daysAhead(
  { values, mean, n, variance: own }: LogReturns,
  variance: number,
  days: number,
  random: SeededRandom,
): () => number {
  const meanBlock = Math.max(1, Math.min(n / 3, Math.max(Math.cbrt(n), days / 2)));
  const source = own > 0 ? Math.sqrt(variance / own) : 0;
  // A sample varies less about its own mean than about the true one.
  const scale = source * Math.sqrt(n / (n - 1));
  return () => {
    let at = 0;
    let sum = 0;
    for (let day = 0; day < days; day++) {
      at = day === 0 || random.next() * meanBlock < 1 ? random.index(n) : (at + 1) % n;
      sum += values[at]! - mean;
    }
    return sum * scale;
  };
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

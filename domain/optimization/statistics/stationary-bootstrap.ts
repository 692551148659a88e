import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Draws of the stationary bootstrap: blocks of geometric length, from a circle of `n` observations. Each call gives how often each
 * observation was drawn, which is all that a mean needs; the array is used again by the next call.
 *
 * @param meanBlock mean length of a block, at least 1.
 * @see Politis and Romano, "The Stationary Bootstrap", Journal of the American Statistical Association 89, 1994.
 */
export function stationaryDraws(n: number, meanBlock: number, seed: number): () => Int32Array {
  const generator = xoroshiro128plus(seed);
  const drawn = new Int32Array(n);
  const newBlock = 1 / meanBlock;
  return () => {
    drawn.fill(0);
    let at = 0;
    for (let i = 0; i < n; i++) {
      if (i === 0 || uniformFloat64(generator) < newBlock) at = Math.floor(uniformFloat64(generator) * n);
      else at = at + 1 === n ? 0 : at + 1;
      drawn[at]! += 1;
    }
    return drawn;
  };
}

/** Weights below this add nothing that shows. */
const NEGLIGIBLE = 1e-6;

/**
 * Long-run variance of one observation, as the stationary bootstrap of the same mean block length sees it: the autocovariances with
 * the weights that the scheme gives them.
 *
 * @param at where the series begins in `values`; it has `n` numbers.
 * @see Politis and Romano, 1994, lemma 1.
 */
export function longRunVariance(values: Float64Array, at: number, n: number, meanBlock: number): number {
  let mean = 0;
  for (let t = 0; t < n; t++) mean += values[at + t]!;
  mean /= n;
  const stay = 1 - 1 / meanBlock;
  let variance = autocovariance(values, at, n, mean, 0);
  for (let lag = 1; lag < n; lag++) {
    const weight = (1 - lag / n) * stay ** lag + (lag / n) * stay ** (n - lag);
    if (weight < NEGLIGIBLE && lag > n / 2) break;
    if (weight >= NEGLIGIBLE) variance += 2 * weight * autocovariance(values, at, n, mean, lag);
  }
  return variance;
}

function autocovariance(values: Float64Array, at: number, n: number, mean: number, lag: number): number {
  let sum = 0;
  for (let t = 0; t + lag < n; t++) sum += (values[at + t]! - mean) * (values[at + t + lag]! - mean);
  return sum / n;
}

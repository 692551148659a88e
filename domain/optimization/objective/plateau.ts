import type { PlateauSpec } from '../spec.ts';
import type { Neighbours } from './neighbours.ts';

/**
 * Replaces each score by one of its neighbourhood: itself and those of its neighbours that are defined. One that is not defined itself
 * stays so.
 */
export function plateauScores(
  scores: Float64Array,
  { most, ordinals }: Neighbours,
  { aggregate, k }: PlateauSpec,
): Float64Array {
  const near = new Float64Array(most + 1);
  const plateau = new Float64Array(scores.length);
  for (let trial = 0; trial < scores.length; trial++) {
    let count = 1;
    near[0] = scores[trial]!;
    for (let n = 0; n < most; n++) {
      const other = ordinals[trial * most + n]!;
      if (other < 0) break;
      if (!Number.isNaN(scores[other]!)) near[count++] = scores[other]!;
    }
    const values = near.subarray(0, count);
    if (Number.isNaN(near[0]!)) plateau[trial] = Number.NaN;
    else plateau[trial] = aggregate === 'median' ? median(values) : meanLessDeviations(values, k);
  }
  return plateau;
}

/** The middle; sorts the values. */
export function median(values: Float64Array): number {
  values.sort();
  const half = values.length >>> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
}

function meanLessDeviations(values: Float64Array, k: number): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  if (values.length === 1) return mean;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return mean - k * Math.sqrt(squares / (values.length - 1));
}

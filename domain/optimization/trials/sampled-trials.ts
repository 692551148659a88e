import { dailyReturnsOf, returnsPerTrial } from '../evaluation/daily-returns.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import { permutation } from '../space/permutation.ts';

/** Trials whose daily returns are wanted: all of them up to `SAMPLE + BEST`, else so many drawn by the seed and the best. */
export const SAMPLE = 5_000;
export const BEST = 100;

/** How many trials are wanted whatever the ranking says. */
export function sampledCount(total: number): number {
  return total <= SAMPLE + BEST ? total : SAMPLE;
}

/** Their places among all trials, in the order of the draw; of a few all, in their order. */
export function sampledTrials(total: number, seed: number): Int32Array {
  const order = total <= SAMPLE + BEST ? (k: number): number => k : permutation(total, seed);
  return Int32Array.from({ length: sampledCount(total) }, (_, k) => order(k));
}

/** Daily returns of some combinations, a row each. */
export interface KnownReturns {
  readonly combinations: Float64Array;
  readonly values: Float64Array;
}

/** Numbers of the combinations that are wanted whatever the ranking says, in the order of their positions. Goes through all positions. */
export function sampledCombinations({ plan, input, at }: PreparedOptimization): Float64Array {
  const places = sampledTrials(plan.total, input.spec.seed).sort();
  const combinations = new Float64Array(places.length);
  let found = 0;
  for (let position = 0, trial = 0; found < places.length && position < plan.positions; position++) {
    const index = at(position);
    if (index < 0) continue;
    if (places[found] === trial) combinations[found++] = index;
    trial += 1;
  }
  return combinations;
}

/** Daily returns of the wanted combinations in their order, a row each: those that are known, and the others computed. The same bits either way. */
export function gatheredReturns(
  prepared: PreparedOptimization,
  wanted: Float64Array,
  known: readonly KnownReturns[],
): Float64Array {
  const periods = returnsPerTrial(prepared);
  const all = new Float64Array(wanted.length * periods);
  const places = new Map(Array.from(wanted, (combination, place) => [combination, place]));
  const put = ({ combinations, values }: KnownReturns): void => {
    combinations.forEach((combination, k) => {
      const place = places.get(combination);
      if (place === undefined) return;
      all.set(values.subarray(k * periods, (k + 1) * periods), place * periods);
      places.delete(combination);
    });
  };
  for (const some of known) put(some);
  const missing = Float64Array.from(places.keys());
  const values = new Float64Array(missing.length * periods);
  dailyReturnsOf(prepared, missing, 0, missing.length, values);
  put({ combinations: missing, values });
  return all;
}

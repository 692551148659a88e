import Big from 'big.js';
import { type DurationMs, floorToStep, toText } from '../../market/decimal.ts';
import type { Schedule } from '../algorithm.ts';
import { type ExecutionPlan, numberParam } from '../plan.ts';
import { seededUniform } from '../seeded-uniform.ts';

/** Decimals that a point of the curve is rounded to: far finer than any lot's share of a slice. */
const CURVE_DECIMALS = 9;

const sliceCount = (plan: ExecutionPlan): number => numberParam(plan, 'slices');

/** Slice `n` on the even grid, in ms after the start; the jitter of time moves it by U * j/2 intervals. */
function offsetMs(plan: ExecutionPlan, n: number): number {
  const slices = sliceCount(plan);
  const durationMs = plan.endAt - plan.startAt;
  const even = (durationMs * (n - 1)) / slices;
  const jitter = numberParam(plan, 'jitterTime', 0);
  if (jitter === 0) return Math.floor(even);
  const drawn = seededUniform(plan.executionId, 'time', n);
  // The first slice cannot come before the start.
  return Math.floor(even + ((n === 1 ? Math.abs(drawn) : drawn) * jitter * durationMs) / (2 * slices));
}

/** The curve at slice `n` in slices: n itself, or n + U * d inside; at its ends always the ends. */
function curvePoint(plan: ExecutionPlan, n: number, jitter: number): number {
  if (n <= 0 || n >= sliceCount(plan)) return Math.max(0, n);
  return n + jitter * seededUniform(plan.executionId, 'size', n);
}

/** Slices that shall be done once slice `n` is. With d above 1/2 neighbours may cross; the later one then stays at the earlier's height. */
function slicesBy(plan: ExecutionPlan, n: number): Big {
  const jitter = numberParam(plan, 'jitterSize', 0);
  if (jitter === 0 || n >= sliceCount(plan)) return new Big(n);
  // Points two apart never cross, since d < 1: looking at one neighbour makes the whole curve monotone.
  const height = Math.max(curvePoint(plan, n, jitter), curvePoint(plan, n - 1, jitter));
  return new Big(height.toFixed(CURVE_DECIMALS));
}

/** The longest that a TWAP may take from its start to its end. */
export const TWAP_MAX_DURATION_MS: DurationMs = 7 * 24 * 60 * 60 * 1000;

/**
 * The time-weighted schedule: N slices at equal distances, the first at the start, with cumulative targets in whole lots
 *
 *     T_k = floor(Q * k / (N * lot)) * lot        so that |T_k - Q*k/N| < lot for every k
 *
 * Cumulative targets, not equal slices: rounding never adds up, and a slice that went wrong is caught up by the next.
 *
 * Jitter moves slice k by U(-j, j) half intervals in time, and the interior points of the curve by U(-d, d) slices, with U drawn
 * from the execution id. With j, d < 1 the order in time holds, targets never fall, the last is exact, and
 * |T_k - Q*k/N| < Q*d/N + lot.
 */
export const twapSchedule: Schedule = {
  sliceCount,
  dueAt: (plan, n) => plan.startAt + offsetMs(plan, n),
  target: (plan, n) => {
    // floor(Q*k to a multiple of lot*N) / N: whole numbers of steps only, so nothing is lost to a rounded quotient.
    const slices = sliceCount(plan);
    const reached = new Big(plan.quantity).times(slicesBy(plan, n));
    return toText(floorToStep(reached, new Big(plan.lot).times(slices)).div(slices));
  },
  remainder: (plan, behind, endAt, now) => {
    const slices = sliceCount(plan);
    const durationMs = plan.endAt - plan.startAt;
    const intervalMs = durationMs / slices;
    // The next slice keeps its place on the grid; one that would have no whole interval before the end comes earlier, but not before now.
    const grid = behind < slices ? plan.startAt + Math.floor((durationMs * behind) / slices) : now;
    const startAt = Math.max(Math.min(now, grid), Math.min(grid, endAt - Math.floor(intervalMs)));
    const left = Math.max(1, Math.floor(((endAt - startAt) * slices) / durationMs));
    return { startAt, params: { ...plan.params, slices: left } };
  },
};

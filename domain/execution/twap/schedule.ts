import Big from 'big.js';
import { floorToStep, toText } from '../../market/decimal.ts';
import type { Schedule } from '../algorithm.ts';
import { type ExecutionPlan, numberParam } from '../plan.ts';

const sliceCount = (plan: ExecutionPlan): number => numberParam(plan, 'slices');

/**
 * The time-weighted schedule: N slices at equal distances, the first at the start, with cumulative targets in whole lots
 *
 *     T_k = floor(Q * k / (N * lot)) * lot        so that |T_k - Q*k/N| < lot for every k
 *
 * Cumulative targets, not equal slices: rounding never adds up, and a slice that went wrong is caught up by the next.
 */
export const twapSchedule: Schedule = {
  sliceCount,
  dueAt: (plan, n) => plan.startAt + Math.floor(((plan.endAt - plan.startAt) * (n - 1)) / sliceCount(plan)),
  target: (plan, n) => {
    // floor(Q*k to a multiple of lot*N) / N: whole numbers of steps only, so nothing is lost to a rounded quotient.
    const slices = sliceCount(plan);
    return toText(floorToStep(new Big(plan.quantity).times(n), new Big(plan.lot).times(slices)).div(slices));
  },
};

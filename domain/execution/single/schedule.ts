import Big from 'big.js';
import { type DurationMs, floorToStep, toText } from '../../market/decimal.ts';
import type { Schedule } from '../algorithm.ts';

/** The longest that a single order may wait: longer than a year, for an order that protects a position held as long. */
export const SINGLE_MAX_DURATION_MS: DurationMs = 400 * 24 * 60 * 60 * 1000;

/** One slice, due at the start: all of the quantity that whole lots allow. */
export const singleSchedule: Schedule = {
  sliceCount: () => 1,
  dueAt: (plan) => plan.startAt,
  target: (plan) => toText(floorToStep(new Big(plan.quantity), new Big(plan.lot))),
  // Once it was amended the rest is due at once, again as one slice.
  remainder: (plan, _behind, _endAt, now) => ({ startAt: now, params: plan.params }),
};

import type { EpochMs } from '../market/decimal.ts';
import type { Schedule } from './algorithm.ts';
import { choiceParam, type ExecutionPlan, numberParam } from './plan.ts';

/** How slices trade: at once against the book, or first as an order that waits at the touch. The first is the default. */
export const STYLES = ['taker', 'maker-first'] as const;

/**
 * Maker-first executions that an account may have under way. Each holds a place of the venue worker for as long as its order waits, and asks about it; more
 * of them would learn of their fills too late to be any good.
 */
export const MOST_MAKER_FIRST = 200;

/** Share of its interval after which a maker-first slice crosses, unless the plan says otherwise. */
export const CROSS_AFTER = 0.7;

/** Whether a slice first waits at the touch. */
export function isMakerFirst(plan: ExecutionPlan): boolean {
  return choiceParam(plan, 'style', STYLES) === 'maker-first';
}

/** The instant after which a slice's order must not be sent: when the next slice is due, or the end. */
export function notAfterOf(plan: ExecutionPlan, schedule: Schedule, slice: number): EpochMs {
  return slice < schedule.sliceCount(plan) ? schedule.dueAt(plan, slice + 1) : plan.endAt;
}

/** When a maker-first slice stops waiting and crosses what is left. */
export function crossAtOf(plan: ExecutionPlan, schedule: Schedule, slice: number): EpochMs {
  const dueAt = schedule.dueAt(plan, slice);
  return dueAt + Math.floor((notAfterOf(plan, schedule, slice) - dueAt) * numberParam(plan, 'crossAfter', CROSS_AFTER));
}

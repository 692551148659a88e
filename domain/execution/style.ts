import type { EpochMs } from '../market/decimal.ts';
import type { Schedule } from './algorithm.ts';
import { choiceParam, type ExecutionPlan, numberParam } from './plan.ts';

/** How slices trade: at once against the book, or first as an order that waits at the touch. The first is the default. */
export const STYLES = ['taker', 'maker-first'] as const;

/** What the one order of an execution is, where it has only one: see `single`. */
export const ORDER_KINDS = ['marketable', 'limit', 'stop'] as const;
type OrderKind = (typeof ORDER_KINDS)[number];

/**
 * Executions with an order that waits at the venue that an account may have under way: maker-first ones, and single ones that rest. Each holds a place
 * of the venue worker for as long as its order waits, and asks about it. All of them share five look-ups a second, so that with so many each is still
 * looked at once a minute although no stream tells anything.
 */
export const MOST_WAITING = 300;

/** Share of its interval after which a maker-first slice crosses, unless the plan says otherwise. */
export const CROSS_AFTER = 0.7;

/** Whether a slice first waits at the touch. */
export function isMakerFirst(plan: ExecutionPlan): boolean {
  return choiceParam(plan, 'style', STYLES) === 'maker-first';
}

/** What the one order of an execution is; `null` for an execution of many. */
export function orderKindOf(plan: Pick<ExecutionPlan, 'params' | 'algo'>): OrderKind | null {
  return plan.params['kind'] === undefined ? null : choiceParam(plan, 'kind', ORDER_KINDS);
}

/** Whether the one order of an execution stays at the venue until it fills, or until the execution ends. */
export function isResting(plan: Pick<ExecutionPlan, 'params' | 'algo'>): boolean {
  const kind = orderKindOf(plan);
  return kind === 'limit' || kind === 'stop';
}

/** Whether orders of an execution wait at the venue, for a part of their slice or until they fill. */
export function isWaiting(plan: ExecutionPlan): boolean {
  return isMakerFirst(plan) || isResting(plan);
}

/**
 * Whether an execution only sells what is held, to protect it: a halt neither keeps its orders back nor takes them from the venue.
 */
export function isReduceOnly(plan: Pick<ExecutionPlan, 'params' | 'algo' | 'side'>): boolean {
  return plan.side === 'sell' && numberParam(plan, 'reduceOnly', 0) === 1;
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

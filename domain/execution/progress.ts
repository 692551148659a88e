import Big from 'big.js';
import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Schedule } from './algorithm.ts';
import type { ChildOutcome, FinalStatus, Problem } from './commands.ts';
import type { ExecutionPlan } from './plan.ts';

/** How far an execution is: plain JSON, small, carried through continue-as-new. */
export interface ExecutionProgress {
  readonly paused: boolean;
  readonly cancelRequested: boolean;
  /** Slices 1 to this number lie behind us, done or missed. */
  readonly handledSlices: number;
  /** Attempts made on the last handled slice. */
  readonly attempts: number;
  /** When the last slice is tried again; `null` when it is not. */
  readonly retryAt: EpochMs | null;
  readonly filled: Decimal;
  /** Nothing tradable is left: the rest is below the venue's minimum. */
  readonly exhausted: boolean;
  /** Refusals in a row that the same order would meet again. */
  readonly refusals: number;
  readonly lastProblem: Problem | null;
}

/** The progress of an execution that has not begun. */
export function openProgress(): ExecutionProgress {
  return {
    paused: false,
    cancelRequested: false,
    handledSlices: 0,
    attempts: 0,
    retryAt: null,
    filled: '0',
    exhausted: false,
    refusals: 0,
    lastProblem: null,
  };
}

export type NextAction =
  | { readonly kind: 'wait'; readonly until: EpochMs; readonly slice: number | null }
  | { readonly kind: 'child'; readonly slice: number; readonly attempt: number; readonly notAfter: EpochMs }
  | { readonly kind: 'finish'; readonly status: FinalStatus; readonly problem: Problem | null };

/** A lasting refusal this often in a row ends the execution: something is wrong that time does not heal. */
const MAX_REFUSALS = 3;
/** How often the last slice may be tried: there is no later slice to catch up what it could not fill. */
const MAX_FINAL_ATTEMPTS = 5;
const MIN_RETRY_GAP_MS = 1_000;

/** The latest slice that is due at `now`, 0 before the first. Slices are few enough to be searched by halves. */
export function dueSlice(plan: ExecutionPlan, schedule: Schedule, now: EpochMs): number {
  let low = 0;
  let high = schedule.sliceCount(plan);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (schedule.dueAt(plan, middle) <= now) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The instant after which a slice's order must not be sent: when the next slice is due, or the end. */
export function notAfterOf(plan: ExecutionPlan, schedule: Schedule, slice: number): EpochMs {
  return slice < schedule.sliceCount(plan) ? schedule.dueAt(plan, slice + 1) : plan.endAt;
}

function isFilled(plan: ExecutionPlan, schedule: Schedule, progress: ExecutionProgress): boolean {
  return new Big(progress.filled).gte(schedule.target(plan, schedule.sliceCount(plan)));
}

function finish(status: FinalStatus, problem: Problem | null): NextAction {
  return { kind: 'finish', status, problem };
}

/**
 * What an execution does next, from plan, progress and time alone. Missed slices are passed over: the cumulative target of
 * the slice that is due says how much there is to catch up.
 */
export function nextAction(
  plan: ExecutionPlan,
  schedule: Schedule,
  progress: ExecutionProgress,
  now: EpochMs,
): NextAction {
  const count = schedule.sliceCount(plan);
  if (isFilled(plan, schedule, progress) || progress.exhausted) return finish('completed', null);
  if (progress.cancelRequested) return finish('cancelled', null);
  if (progress.refusals >= MAX_REFUSALS) return finish('failed', progress.lastProblem);
  if (now >= plan.endAt) return finish('expired', progress.lastProblem);
  if (progress.paused) return { kind: 'wait', until: plan.endAt, slice: null };

  const due = dueSlice(plan, schedule, now);
  if (due > progress.handledSlices) {
    return { kind: 'child', slice: due, attempt: 1, notAfter: notAfterOf(plan, schedule, due) };
  }
  if (progress.handledSlices < count) {
    const slice = progress.handledSlices + 1;
    return { kind: 'wait', until: schedule.dueAt(plan, slice), slice };
  }
  if (progress.retryAt === null) return finish('expired', progress.lastProblem);
  if (now < progress.retryAt) return { kind: 'wait', until: progress.retryAt, slice: count };
  return { kind: 'child', slice: count, attempt: progress.attempts + 1, notAfter: plan.endAt };
}

function retryTime(plan: ExecutionPlan, attempts: number, now: EpochMs): EpochMs | null {
  if (attempts >= MAX_FINAL_ATTEMPTS) return null;
  const gap = Math.max(MIN_RETRY_GAP_MS, Math.floor((plan.endAt - now) / (MAX_FINAL_ATTEMPTS - attempts + 1)));
  return now + gap < plan.endAt ? now + gap : null;
}

/** The progress after one child has ended. */
export function afterChild(
  plan: ExecutionPlan,
  schedule: Schedule,
  progress: ExecutionProgress,
  child: { readonly slice: number; readonly attempt: number },
  outcome: ChildOutcome,
  now: EpochMs,
): ExecutionProgress {
  const last = child.slice === schedule.sliceCount(plan);
  const lasting = outcome.result === 'refused' && !outcome.retryable;
  return {
    ...progress,
    handledSlices: Math.max(progress.handledSlices, child.slice),
    attempts: child.attempt,
    retryAt: last ? retryTime(plan, child.attempt, now) : null,
    filled: outcome.totalFilled,
    exhausted: last && outcome.result === 'carried' && outcome.problem?.code === 'BELOW_MINIMUM',
    refusals: lasting ? progress.refusals + 1 : 0,
    lastProblem: outcome.problem,
  };
}

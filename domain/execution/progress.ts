import Big from 'big.js';
import { type Decimal, difference, type EpochMs } from '../market/decimal.ts';
import type { Schedule } from './algorithm.ts';
import type { ChildOutcome, FinalStatus, Problem } from './commands.ts';
import type { ExecutionPlan } from './plan.ts';

/** How far an execution is: plain JSON, small, carried through continue-as-new. */
export interface ExecutionProgress {
  readonly paused: boolean;
  readonly cancelRequested: boolean;
  /** Slices 1 to this number lie behind us, done or missed. */
  readonly handledSlices: number;
  /** The last slice has no later one to catch up what it could not fill, so it is tried again; `null` when it is not. */
  readonly retry: FinalRetry | null;
  readonly filled: Decimal;
  /** Nothing tradable is left: the rest is below the venue's minimum. */
  readonly exhausted: boolean;
  /** Refusals in a row that the same order would meet again. */
  readonly refusals: number;
  readonly lastProblem: Problem | null;
}

/** One more try of the last slice. */
export interface FinalRetry {
  readonly at: EpochMs;
  /** The same child while it has not traded in full; else the next number, since a filled child is never sent again. */
  readonly child: number;
  readonly attempt: number;
  /** Tries of the last slice so far. */
  readonly tries: number;
}

/** The progress of an execution that has not begun. */
export function openProgress(): ExecutionProgress {
  return {
    paused: false,
    cancelRequested: false,
    handledSlices: 0,
    retry: null,
    filled: '0',
    exhausted: false,
    refusals: 0,
    lastProblem: null,
  };
}

/** Which child order: its number is that of its slice, or above the last slice's for a try that follows a filled one. */
export interface ChildNumber {
  readonly slice: number;
  readonly child: number;
  readonly attempt: number;
}

export type NextAction =
  | { readonly kind: 'wait'; readonly until: EpochMs; readonly slice: number | null }
  | ({ readonly kind: 'child'; readonly notAfter: EpochMs } & ChildNumber)
  | { readonly kind: 'finish'; readonly status: FinalStatus; readonly problem: Problem | null };

/** A lasting refusal this often in a row ends the execution: something is wrong that time does not heal. */
const MAX_REFUSALS = 3;
/** How often the last slice may be tried: there is no later slice to catch up what it could not fill. */
const MAX_FINAL_TRIES = 5;
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

/** What is still wanting to the target of a slice, in base; the order may be smaller (catch-up bound) or none. */
export function wantedBy(plan: ExecutionPlan, schedule: Schedule, progress: ExecutionProgress, slice: number): Decimal {
  const wanted = difference(schedule.target(plan, slice), progress.filled);
  return wanted.startsWith('-') ? '0' : wanted;
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
    return { kind: 'child', slice: due, child: due, attempt: 1, notAfter: notAfterOf(plan, schedule, due) };
  }
  if (progress.handledSlices < count) {
    const slice = progress.handledSlices + 1;
    return { kind: 'wait', until: schedule.dueAt(plan, slice), slice };
  }
  const { retry } = progress;
  if (retry === null) return finish('expired', progress.lastProblem);
  if (now < retry.at) return { kind: 'wait', until: retry.at, slice: count };
  return { kind: 'child', slice: count, child: retry.child, attempt: retry.attempt, notAfter: plan.endAt };
}

function nextRetry(
  plan: ExecutionPlan,
  progress: ExecutionProgress,
  tried: ChildNumber,
  outcome: ChildOutcome,
  now: EpochMs,
): FinalRetry | null {
  const tries = (progress.retry?.tries ?? 0) + 1;
  if (tries >= MAX_FINAL_TRIES) return null;
  const gap = Math.max(MIN_RETRY_GAP_MS, Math.floor((plan.endAt - now) / (MAX_FINAL_TRIES - tries + 1)));
  if (now + gap >= plan.endAt) return null;
  const next =
    outcome.result === 'filled'
      ? { child: tried.child + 1, attempt: 1 }
      : { child: tried.child, attempt: tried.attempt + 1 };
  return { at: now + gap, tries, ...next };
}

/** The progress after one child has ended. */
export function afterChild(
  plan: ExecutionPlan,
  schedule: Schedule,
  progress: ExecutionProgress,
  tried: ChildNumber,
  outcome: ChildOutcome,
  now: EpochMs,
): ExecutionProgress {
  const last = tried.slice === schedule.sliceCount(plan);
  const lasting = outcome.result === 'refused' && !outcome.retryable;
  return {
    ...progress,
    handledSlices: Math.max(progress.handledSlices, tried.slice),
    retry: last ? nextRetry(plan, progress, tried, outcome, now) : null,
    filled: outcome.totalFilled,
    exhausted: last && outcome.result === 'carried' && outcome.problem?.code === 'BELOW_MINIMUM',
    refusals: lasting ? progress.refusals + 1 : 0,
    // A child that had nothing to do met no problem.
    lastProblem: outcome.problem?.code === 'ON_SCHEDULE' ? null : outcome.problem,
  };
}

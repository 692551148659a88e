import Big from 'big.js';
import { type Decimal, difference, type DurationMs, type EpochMs } from '../market/decimal.ts';
import type { ChildRole, Schedule } from './algorithm.ts';
import type { Amendment } from './amendment.ts';
import type { ChildOutcome, FinalStatus, Problem } from './commands.ts';
import type { ExecutionPlan } from './plan.ts';
import { afterRest } from './resting-child.ts';
import { crossAtOf, isMakerFirst, isResting, notAfterOf, orderKindOf } from './style.ts';

/** How far an execution is: plain JSON, small, carried through continue-as-new. */
export interface ExecutionProgress {
  readonly paused: boolean;
  readonly cancelRequested: boolean;
  /** Slices 1 to this number lie behind us, done or missed. */
  readonly handledSlices: number;
  /** Highest number that a child has had: they rise, whatever becomes of slices, so that no two ever share one. */
  readonly children: number;
  /** The slice whose first part has waited at the touch and whose rest is still to cross; `null` when there is none. */
  readonly crossing: Crossing | null;
  /** The latest change of the plan; `null` before the first. */
  readonly amendment: Amendment | null;
  /** The last slice has no later one to catch up what it could not fill, so it is tried again; `null` when it is not. */
  readonly retry: FinalRetry | null;
  readonly filled: Decimal;
  /** Nothing tradable is left: the rest is below the venue's minimum. */
  readonly exhausted: boolean;
  /** Refusals in a row that the same order would meet again. */
  readonly refusals: number;
  readonly lastProblem: Problem | null;
}

/** The second part of a maker-first slice. */
export interface Crossing {
  readonly slice: number;
  readonly at: EpochMs;
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
    children: 0,
    crossing: null,
    amendment: null,
    retry: null,
    filled: '0',
    exhausted: false,
    refusals: 0,
    lastProblem: null,
  };
}

/** What 0.2 carried through continue-as-new: it knew no amendments and no second part of a slice, and a child had the number of its slice. */
export type EarlierProgress = Omit<ExecutionProgress, 'children' | 'crossing' | 'amendment'>;

/** A progress with all that has come to be part of it: an execution that began under 0.2 goes on as what it is. */
export function completeProgress(progress: ExecutionProgress | EarlierProgress): ExecutionProgress {
  const { handledSlices, retry } = progress;
  return { ...openProgress(), children: Math.max(handledSlices, retry?.child ?? 0), ...progress };
}

/** Which child order of which slice. Child numbers rise; a further try of a child that did not fill is its next attempt. */
export interface ChildNumber {
  readonly slice: number;
  readonly child: number;
  readonly attempt: number;
  readonly role: ChildRole;
}

export type NextAction =
  | { readonly kind: 'wait'; readonly until: EpochMs; readonly slice: number | null }
  | ({ readonly kind: 'child'; readonly notAfter: EpochMs } & ChildNumber)
  | { readonly kind: 'finish'; readonly status: FinalStatus; readonly problem: Problem | null };

/** A lasting refusal this often in a row ends the execution: something is wrong that time does not heal. */
const MAX_REFUSALS = 3;
/** An execution of one order has no other order that could fare better. */
const MAX_REFUSALS_OF_ONE = 1;
/** How often the last slice may be tried: there is no later slice to catch up what it could not fill. */
const MAX_FINAL_TRIES = 5;
const MIN_RETRY_GAP_MS = 1_000;
/** The rest of one marketable order is tried again after so long, and then after twice as long each time: most of what stands in its way passes at once. */
const MARKETABLE_GAP_MS = 250;

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

/** Whatever an earlier slice met, what was left was not sent because somebody had paused it. */
function pausedToTheEnd(plan: ExecutionPlan, schedule: Schedule, { handledSlices }: ExecutionProgress): Problem {
  const count = schedule.sliceCount(plan);
  const left = count - handledSlices;
  const unsent =
    left === 0
      ? 'what was left of its last slice was'
      : `${left} of its ${count} slices ${left === 1 ? 'was' : 'were'}`;
  return {
    code: 'PAUSED_TO_THE_END',
    detail: `it was paused and not resumed before its end at ${new Date(plan.endAt).toISOString()}; ${unsent} not sent`,
  };
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
  const mostRefusals = orderKindOf(plan) === null ? MAX_REFUSALS : MAX_REFUSALS_OF_ONE;
  if (progress.refusals >= mostRefusals) return finish('failed', progress.lastProblem);
  if (now >= plan.endAt)
    return finish('expired', progress.paused ? pausedToTheEnd(plan, schedule, progress) : progress.lastProblem);
  if (progress.paused) return { kind: 'wait', until: plan.endAt, slice: null };

  const due = dueSlice(plan, schedule, now);
  if (due > progress.handledSlices) return firstChild(plan, schedule, progress, due, now);
  const { crossing, retry } = progress;
  if (crossing !== null) {
    const { slice, at } = crossing;
    if (now < at) return { kind: 'wait', until: at, slice };
    const notAfter = notAfterOf(plan, schedule, slice);
    return { kind: 'child', slice, child: progress.children + 1, attempt: 1, role: 'taker', notAfter };
  }
  if (progress.handledSlices < count) {
    const slice = progress.handledSlices + 1;
    return { kind: 'wait', until: schedule.dueAt(plan, slice), slice };
  }
  if (retry === null) return finish('expired', progress.lastProblem);
  if (now < retry.at) return { kind: 'wait', until: retry.at, slice: count };
  const { child, attempt } = retry;
  const role = isResting(plan) ? 'resting' : 'taker';
  return { kind: 'child', slice: count, child, attempt, role, notAfter: plan.endAt };
}

/** A maker-first slice begins at the touch, unless it comes so late that it has to cross at once. */
function firstChild(
  plan: ExecutionPlan,
  schedule: Schedule,
  progress: ExecutionProgress,
  slice: number,
  now: EpochMs,
): NextAction {
  // 0.2 gave a child the number of its slice: executions that began under it must count as it did.
  const number = { slice, child: Math.max(progress.children + 1, slice), attempt: 1 };
  if (isResting(plan)) return { kind: 'child', ...number, role: 'resting', notAfter: plan.endAt };
  const crossAt = isMakerFirst(plan) ? crossAtOf(plan, schedule, slice) : now;
  return now < crossAt
    ? { kind: 'child', ...number, role: 'maker', notAfter: crossAt }
    : { kind: 'child', ...number, role: 'taker', notAfter: notAfterOf(plan, schedule, slice) };
}

function nextRetry(
  plan: ExecutionPlan,
  progress: ExecutionProgress,
  tried: ChildNumber,
  outcome: ChildOutcome,
  now: EpochMs,
): FinalRetry | null {
  const tries = (progress.retry?.tries ?? 0) + 1;
  const gap = retryGap(plan, tries, now);
  if (gap === null || now + gap >= plan.endAt) return null;
  const next =
    outcome.result === 'filled'
      ? { child: tried.child + 1, attempt: 1 }
      : { child: tried.child, attempt: tried.attempt + 1 };
  return { at: now + gap, tries, ...next };
}

/** Pause before the last slice is tried once more; `null` when it was tried often enough. One marketable order is tried for as long as its time lasts. */
function retryGap(plan: ExecutionPlan, tries: number, now: EpochMs): DurationMs | null {
  if (orderKindOf(plan) === 'marketable') return MARKETABLE_GAP_MS * 2 ** (tries - 1);
  if (tries >= MAX_FINAL_TRIES) return null;
  return Math.max(MIN_RETRY_GAP_MS, Math.floor((plan.endAt - now) / (MAX_FINAL_TRIES - tries + 1)));
}

/** Codes of children that had nothing to do: they met no problem. */
const NO_PROBLEM: readonly (string | undefined)[] = ['ON_SCHEDULE', 'AMENDED'];

/** The crossing that a child leaves to be done: the rest of what waited at the touch, unless no order could be made of it. */
function nextCrossing(
  plan: ExecutionPlan,
  schedule: Schedule,
  { slice, role }: ChildNumber,
  { result, totalFilled, problem }: ChildOutcome,
): Crossing | null {
  if (role !== 'maker' || new Big(totalFilled).gte(schedule.target(plan, slice))) return null;
  if (result === 'carried' && ['ON_SCHEDULE', 'BELOW_MINIMUM'].includes(problem?.code ?? '')) return null;
  return { slice, at: crossAtOf(plan, schedule, slice) };
}

/**
 * The progress after one child has ended.
 *
 * @param tookBack whether a message to the execution has asked for its order back, which then goes on by another one
 */
export function afterChild(
  plan: ExecutionPlan,
  schedule: Schedule,
  progress: ExecutionProgress,
  tried: ChildNumber,
  outcome: ChildOutcome,
  now: EpochMs,
  tookBack = false,
): ExecutionProgress {
  // The rest of the schedule may have been cut anew while the child worked: then what it left undone is in there.
  const isBehind = tried.slice <= (progress.amendment?.course?.behind ?? 0);
  const last = !isBehind && tried.slice === schedule.sliceCount(plan);
  if (tried.role === 'resting') return afterRest(progress, { tried, outcome, now, last, tookBack });
  const crossing = isBehind ? null : nextCrossing(plan, schedule, tried, outcome);
  const lasting = outcome.result === 'refused' && !outcome.retryable;
  return {
    ...progress,
    handledSlices: Math.max(progress.handledSlices, tried.slice),
    children: Math.max(progress.children, tried.child),
    crossing,
    retry: last && crossing === null ? nextRetry(plan, progress, tried, outcome, now) : null,
    filled: outcome.totalFilled,
    exhausted: last && isExhausted(plan, outcome),
    refusals: lasting ? progress.refusals + 1 : 0,
    lastProblem: NO_PROBLEM.includes(outcome.problem?.code) ? null : outcome.problem,
  };
}

/** Whether what is left is below the venue's minimum. One order that has traded nothing is not done by that. */
function isExhausted(plan: ExecutionPlan, { result, problem, totalFilled }: ChildOutcome): boolean {
  if (result !== 'carried' || problem?.code !== 'BELOW_MINIMUM') return false;
  return orderKindOf(plan) === null || new Big(totalFilled).gt(0);
}

/**
 * The progress after an amendment. What a new course has in it is no longer to be crossed or tried again, and a problem of the plan before it is not
 * blamed any more; refusals that end the execution keep theirs.
 */
export function afterAmendment(before: ExecutionProgress, amendment: Amendment): ExecutionProgress {
  const { course, number } = amendment;
  const progress = { ...before, amendment, lastProblem: before.refusals > 0 ? before.lastProblem : null };
  if (course === null || course.number !== number) return progress;
  return {
    ...progress,
    handledSlices: course.behind,
    crossing: null,
    retry: null,
    exhausted: false,
  };
}

import Big from 'big.js';
import {
  compare,
  type Decimal,
  type DurationMs,
  type EpochMs,
  floorToStep,
  isDecimal,
  maxOf,
  minOf,
  sumOf,
  toText,
} from '../market/decimal.ts';
import type { Schedule } from './algorithm.ts';
import type { ExecutionPlan } from './plan.ts';
import { orderKindOf } from './style.ts';

const DAY_MS = 86_400_000;

/** What a running execution shall be changed to; what is left out stays. */
export interface AmendmentRequest {
  /** New total in base, what has been filled included. */
  readonly quantity?: Decimal;
  readonly endAt?: EpochMs;
  /** `null` takes the limit away. */
  readonly limit?: Decimal | null;
}

/** The part of a schedule that an amendment has laid out anew. */
export interface AmendedCourse {
  /** Number of the amendment that laid it out: later ones that change the limit alone keep it. */
  readonly number: number;
  /** Slices up to this number lie behind it: they keep the times and targets that they had. */
  readonly behind: number;
  /** Cumulative target that it starts from, in base. */
  readonly from: Decimal;
  readonly startAt: EpochMs;
  readonly params: ExecutionPlan['params'];
}

/** One change of a running execution. It stands for all that was changed so far: the one before it is not needed to go on. */
export interface Amendment {
  /** Counts from 1. */
  readonly number: number;
  /** When it was accepted. */
  readonly at: EpochMs;
  readonly quantity: Decimal;
  readonly endAt: EpochMs;
  readonly limit: Decimal | null;
  /** `null` while no amendment has changed quantity or end: then the schedule is the plan's. */
  readonly course: AmendedCourse | null;
}

/** A plan as amended, with the schedule that goes with it: what everything but the record of the original works with. */
export interface Course {
  readonly plan: ExecutionPlan;
  readonly schedule: Schedule;
}

/** The plan with the values of an amendment. Its parameters stay those that were asked for. */
export function amendedPlan(plan: ExecutionPlan, amendment: Amendment | null): ExecutionPlan {
  if (amendment === null) return plan;
  const { quantity, endAt, limit } = amendment;
  return { ...plan, quantity, endAt, limit };
}

/** The rest as a plan of its own, for the schedule alone; its chance is another than the first plan's. */
function restOf(plan: ExecutionPlan, { quantity, endAt }: Amendment, course: AmendedCourse): ExecutionPlan {
  return {
    ...plan,
    executionId: `${plan.executionId}/${course.number}`,
    quantity: toText(new Big(quantity).minus(course.from)),
    startAt: course.startAt,
    endAt,
    params: course.params,
  };
}

/**
 * The course that an amendment leaves an execution on: slices go on being counted, times and targets of those ahead are cut from what
 * was left.
 *
 * @param earlier the course before it, for the times and targets of slices behind; without it these are said to have been due at the
 *   start with the target that the new course begins from, which is all that a running execution needs.
 */
export function courseOf(
  plan: ExecutionPlan,
  schedule: Schedule,
  amendment: Amendment | null,
  earlier?: Course,
): Course {
  const amended = amendedPlan(plan, amendment);
  if (amendment === null) return { plan: amended, schedule };
  const { course } = amendment;
  if (course === null) return { plan: amended, schedule };
  const { behind } = course;
  const rest = restOf(plan, amendment, course);
  return {
    plan: amended,
    schedule: {
      sliceCount: () => behind + schedule.sliceCount(rest),
      dueAt: (_, n) => {
        if (n > behind) return schedule.dueAt(rest, n - behind);
        return earlier === undefined ? plan.startAt : earlier.schedule.dueAt(earlier.plan, n);
      },
      target: (_, n) => {
        if (n > behind) return sumOf([course.from, schedule.target(rest, n - behind)]);
        return earlier === undefined ? course.from : earlier.schedule.target(earlier.plan, n);
      },
      remainder: (_, handled, endAt, now) => schedule.remainder(rest, handled - behind, endAt, now),
    },
  };
}

/** The course after all amendments of an execution, in their order, with the times and targets of every slice as they were. */
export function courseThrough(plan: ExecutionPlan, schedule: Schedule, amendments: readonly Amendment[]): Course {
  let course = courseOf(plan, schedule, null);
  for (const amendment of amendments) {
    // One that changed the limit alone repeats the course of the one before it.
    const isNew = amendment.course?.number === amendment.number;
    course = isNew
      ? courseOf(plan, schedule, amendment, course)
      : { plan: amendedPlan(plan, amendment), schedule: course.schedule };
  }
  return course;
}

/** Where an execution stands when it is amended. */
export interface Standing {
  readonly amendment: Amendment | null;
  /** Slices that lie behind, the one that is being worked included. */
  readonly behind: number;
  readonly filled: Decimal;
  readonly now: EpochMs;
}

/**
 * Why an execution cannot be amended so, in a sentence; `null` when nothing speaks against it as far as plan and progress tell.
 *
 * @param maxDurationMs the longest that an execution of its algorithm may take from its start
 */
export function amendmentProblem(
  plan: ExecutionPlan,
  standing: Standing,
  request: AmendmentRequest,
  maxDurationMs: DurationMs,
): string | null {
  const { quantity, endAt, limit } = request;
  if (quantity === undefined && endAt === undefined && limit === undefined) {
    return 'give a new quantity, end or limit';
  }
  // It may come from a person at the Temporal UI, past every schema.
  for (const [name, value] of Object.entries({ quantity, limit })) {
    if (value !== undefined && value !== null && !isDecimal(value)) {
      return `${name} ${JSON.stringify(value)} is not decimal text such as "12.5"`;
    }
  }
  if (quantity === null) return 'quantity null is not decimal text such as "12.5"';
  if (endAt !== undefined && !Number.isSafeInteger(endAt)) {
    return `the end ${JSON.stringify(endAt)} is not whole milliseconds since 1970`;
  }
  if (quantity !== undefined) {
    if (new Big(quantity).lte(0)) return `give a quantity above 0, not ${quantity}`;
    if (compare(quantity, standing.filled) < 0) {
      return `quantity ${quantity} is below what has been filled, ${standing.filled}: give at least that, or cancel`;
    }
  }
  if (endAt !== undefined && endAt <= standing.now) {
    return `the end ${new Date(endAt).toISOString()} has passed; it is ${new Date(standing.now).toISOString()} now`;
  }
  if (endAt !== undefined && endAt <= plan.startAt) {
    return `the end ${new Date(endAt).toISOString()} is not after the start ${new Date(plan.startAt).toISOString()}`;
  }
  if (endAt !== undefined && endAt - plan.startAt > maxDurationMs) {
    return `the end ${JSON.stringify(endAt)} ms is more than ${maxDurationMs / DAY_MS} days after the start ${new Date(plan.startAt).toISOString()}: give at most ${new Date(plan.startAt + maxDurationMs).toISOString()}`;
  }
  if (limit === null && orderKindOf(plan) === 'limit') return 'a limit order needs its price: give one, or cancel';
  if (limit !== undefined && limit !== null && new Big(limit).lte(0)) return `give a limit above 0, not ${limit}`;
  return null;
}

/**
 * The amendment that a request makes of an execution, or `null` when it would change nothing. The rest of the schedule is cut anew when
 * quantity or end change: from the target reached so far, or what has been filled where that is more, to the new quantity.
 */
export function amend(
  plan: ExecutionPlan,
  schedule: Schedule,
  standing: Standing,
  request: AmendmentRequest,
): Amendment | null {
  const before = courseOf(plan, schedule, standing.amendment);
  const quantity = request.quantity === undefined ? before.plan.quantity : toText(new Big(request.quantity));
  const endAt = request.endAt ?? before.plan.endAt;
  const limit = request.limit === undefined ? before.plan.limit : request.limit;
  const number = (standing.amendment?.number ?? 0) + 1;
  const laidOutAnew = compare(quantity, before.plan.quantity) !== 0 || endAt !== before.plan.endAt;
  const sameLimit =
    limit === null || before.plan.limit === null
      ? limit === before.plan.limit
      : compare(limit, before.plan.limit) === 0;
  if (!laidOutAnew && sameLimit) return null;
  return {
    number,
    at: standing.now,
    quantity,
    endAt,
    limit,
    course: laidOutAnew
      ? { number, ...laidOut(before, standing, quantity, endAt) }
      : (standing.amendment?.course ?? null),
  };
}

function laidOut(
  before: Course,
  { behind, filled, now }: Standing,
  quantity: Decimal,
  endAt: EpochMs,
): Omit<AmendedCourse, 'number'> {
  const reached = behind === 0 ? '0' : before.schedule.target(before.plan, behind);
  const most = floorToStep(new Big(quantity), new Big(before.plan.lot));
  const from = minOf(maxOf(new Big(reached), new Big(filled)), most);
  // Before its start nothing of an execution is due, however soon it shall end.
  const earliest = Math.max(now, before.plan.startAt);
  return { behind, from: toText(from), ...before.schedule.remainder(before.plan, behind, endAt, earliest) };
}

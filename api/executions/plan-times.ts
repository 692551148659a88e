import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { iso } from '../iso.ts';

/** How far a start may lie behind our clock: clocks differ, and a request travels. */
const PAST_TOLERANCE_MS: DurationMs = 2_000;
const LATEST_START_MS: DurationMs = 30 * 24 * 60 * 60 * 1000;

interface RequestedTimes {
  readonly startAt?: string;
  readonly endAt?: string;
  readonly durationMs?: number;
}

export interface PlanTimes {
  readonly startAt: EpochMs;
  readonly endAt: EpochMs;
}

function startProblems(given: string | undefined, startAt: EpochMs, now: EpochMs): FieldProblem[] {
  if (given === undefined) return [];
  if (startAt < now - PAST_TOLERANCE_MS) {
    return [
      {
        field: 'startAt',
        value: given,
        message: `lies in the past; it is ${iso(now)} now. Leave it out to start at once`,
      },
    ];
  }
  if (startAt > now + LATEST_START_MS)
    return [{ field: 'startAt', value: given, message: 'give a start within 30 days' }];
  return [];
}

function endProblems(request: RequestedTimes, times: PlanTimes, standard: DurationMs | null): FieldProblem[] {
  const { endAt, durationMs } = request;
  if (endAt === undefined && durationMs === undefined && standard === null) {
    return [{ field: 'durationMs', value: null, message: 'missing; give the length in milliseconds, or endAt' }];
  }
  if (endAt !== undefined && durationMs !== undefined) {
    return [{ field: 'endAt', value: endAt, message: 'give either durationMs or endAt, not both' }];
  }
  if (endAt !== undefined && times.endAt <= times.startAt) {
    return [
      {
        field: 'endAt',
        value: endAt,
        message: `lies before the start at ${iso(times.startAt)}; give a later end`,
      },
    ];
  }
  return [];
}

/**
 * Start and end of an execution as a request asks for them, or what is wrong with them.
 *
 * @param standard how long it takes when the request does not say; `null` where it has to.
 */
export function planTimes(
  request: RequestedTimes,
  now: EpochMs,
  standard: DurationMs | null,
): { readonly times: PlanTimes; readonly problems: readonly FieldProblem[] } {
  const startAt = request.startAt === undefined ? now : Date.parse(request.startAt);
  const endAt =
    request.endAt === undefined ? startAt + (request.durationMs ?? standard ?? 0) : Date.parse(request.endAt);
  const times = { startAt, endAt };
  return {
    times,
    problems: [...startProblems(request.startAt, startAt, now), ...endProblems(request, times, standard)],
  };
}

/** A problem with the derived length is told under the field that the caller gave. */
export function inCallersTerms(problem: FieldProblem, endAt: string | undefined): FieldProblem {
  if (problem.field !== 'durationMs' || endAt === undefined) return problem;
  return { ...problem, field: 'endAt', value: endAt };
}

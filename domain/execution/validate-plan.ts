import Big from 'big.js';
import type { Decimal } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { Algorithm } from './algorithm.ts';
import type { AmendmentRequest } from './amendment.ts';
import type { ExecutionPlan } from './plan.ts';

const MIN_DURATION_MS = 1_000;

function durationProblems(plan: ExecutionPlan, algorithm: Algorithm): FieldProblem[] {
  const durationMs = plan.endAt - plan.startAt;
  if (durationMs < MIN_DURATION_MS) {
    return [{ field: 'durationMs', value: durationMs, message: 'the end must be at least 1 second after the start' }];
  }
  if (durationMs > algorithm.maxDurationMs) {
    return [
      {
        field: 'durationMs',
        value: durationMs,
        message: `give at most ${algorithm.maxDurationMs} ms (${algorithm.maxDurationMs / 86_400_000} days)`,
      },
    ];
  }
  return [];
}

function limitProblems(plan: ExecutionPlan, instrument: Instrument): FieldProblem[] {
  if (plan.limit === null) return [];
  const limit = new Big(plan.limit);
  if (limit.lte(0)) return [{ field: 'limit', value: plan.limit, message: 'give a price above 0' }];
  if (!limit.mod(instrument.tick).eq(0)) {
    return [{ field: 'limit', value: plan.limit, message: `give a multiple of the tick ${instrument.tick}` }];
  }
  return [];
}

/**
 * Everything that can be said against a complete plan before it starts.
 *
 * @param price mid at acceptance, in quote per base.
 * @returns no problem, or each with the field, its value and what to do.
 */
export function validatePlan(
  plan: ExecutionPlan,
  algorithm: Algorithm,
  instrument: Instrument,
  price: Decimal,
): readonly FieldProblem[] {
  if (new Big(plan.quantity).lte(0)) {
    return [{ field: 'quantity', value: plan.quantity, message: `give a quantity of ${instrument.base} above 0` }];
  }
  const problems = [...durationProblems(plan, algorithm), ...limitProblems(plan, instrument)];
  return problems.length > 0 ? problems : algorithm.check(plan, instrument, price);
}

/**
 * What can be said against an amendment without knowing how far the execution is.
 *
 * @param plan as it stands before.
 * @param instrument `null` when it is no longer known: then a new limit cannot be checked and is refused.
 */
export function validateAmendment(
  plan: ExecutionPlan,
  algorithm: Algorithm,
  instrument: Instrument | null,
  { quantity, endAt, limit }: AmendmentRequest,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (quantity !== undefined && new Big(quantity).lt(plan.lot)) {
    problems.push({ field: 'quantity', value: quantity, message: `give at least one lot, ${plan.lot}` });
  }
  const amended = { ...plan, endAt: endAt ?? plan.endAt, limit: limit === undefined ? plan.limit : limit };
  problems.push(...durationProblems(amended, algorithm));
  if (limit === undefined || limit === null) return problems;
  if (instrument === null) {
    const message = `the venue no longer lists ${plan.symbol}, so no limit can be checked`;
    return [...problems, { field: 'limit', value: limit, message }];
  }
  return [...problems, ...limitProblems(amended, instrument)];
}

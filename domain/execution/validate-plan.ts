import Big from 'big.js';
import { type Decimal, toText } from '../market/decimal.ts';
import type { Instrument } from '../market/instrument.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import { type Algorithm, NO_ABILITIES, type VenueAbilities } from './algorithm.ts';
import type { AmendmentRequest } from './amendment.ts';
import type { ExecutionPlan } from './plan.ts';

const MIN_DURATION_MS = 1_000;

/** Digits that a quantity or a price may have: more than any account holds, and what stands before them is a point that was forgotten. */
const MOST_DIGITS = 15;

function digitProblems(field: 'quantity' | 'limit', value: Decimal | null | undefined): FieldProblem[] {
  if (value === null || value === undefined) return [];
  const { c: digits, e: exponent } = new Big(value);
  if (digits.length <= MOST_DIGITS && exponent < MOST_DIGITS) return [];
  return [
    { field, value, message: `give at most ${MOST_DIGITS} digits that count, and a number below 10^${MOST_DIGITS}` },
  ];
}

/** The most that so many slices can be: each is one order, and the venue takes none that is larger. */
function largestProblems(quantity: Decimal, slices: number, { maxQuantity, base }: Instrument): FieldProblem[] {
  if (maxQuantity === null) return [];
  const most = new Big(maxQuantity).times(slices);
  if (new Big(quantity).lte(most)) return [];
  const plural = slices === 1 ? '1 slice' : `${slices} slices`;
  const message = `the venue takes at most ${maxQuantity} ${base} in one order: give at most ${toText(most)} in ${plural}, or more slices`;
  return [{ field: 'quantity', value: quantity, message }];
}

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
        message: `it may last at most ${algorithm.maxDurationMs} ms (${algorithm.maxDurationMs / 86_400_000} days)`,
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
 * @param venue what the venue can do; left out, it is taken to be able to do nothing beyond orders that trade at once.
 * @returns no problem, or each with the field, its value and what to do.
 */
export function validatePlan(
  plan: ExecutionPlan,
  algorithm: Algorithm,
  instrument: Instrument,
  price: Decimal,
  venue: VenueAbilities = NO_ABILITIES,
): readonly FieldProblem[] {
  if (new Big(plan.quantity).lte(0)) {
    return [{ field: 'quantity', value: plan.quantity, message: `give a quantity of ${instrument.base} above 0` }];
  }
  const problems = [
    ...digitProblems('quantity', plan.quantity),
    ...digitProblems('limit', plan.limit),
    ...durationProblems(plan, algorithm),
    ...limitProblems(plan, instrument),
  ];
  if (problems.length === 0)
    problems.push(...largestProblems(plan.quantity, algorithm.schedule.sliceCount(plan), instrument));
  return problems.length > 0 ? problems : algorithm.check(plan, instrument, price, venue);
}

/**
 * What can be said against an amendment without knowing how far the execution is.
 *
 * @param plan as it stands before.
 * @param accepted the plan as it was accepted, whose interval all later slices keep.
 * @param instrument `null` when it is no longer known: then a new limit cannot be checked and is refused.
 */
export function validateAmendment(
  plan: ExecutionPlan,
  accepted: ExecutionPlan,
  algorithm: Algorithm,
  instrument: Instrument | null,
  { quantity, endAt, limit }: AmendmentRequest,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [...digitProblems('quantity', quantity), ...digitProblems('limit', limit)];
  if (quantity !== undefined && new Big(quantity).lt(plan.lot)) {
    problems.push({ field: 'quantity', value: quantity, message: `give at least one lot, ${plan.lot}` });
  }
  const amended = { ...plan, endAt: endAt ?? plan.endAt, limit: limit === undefined ? plan.limit : limit };
  problems.push(...durationProblems(amended, algorithm));
  if (problems.length === 0 && quantity !== undefined && instrument !== null) {
    const { startAt } = accepted;
    // As many slices as it would have had with that end from the first: those that it has passed over count, so that nothing possible is refused.
    const { params } = algorithm.schedule.remainder(accepted, 0, Math.max(accepted.endAt, amended.endAt), startAt);
    const slices = algorithm.schedule.sliceCount({ ...accepted, params });
    problems.push(...largestProblems(quantity, slices, instrument));
  }
  if (limit === undefined || limit === null) return problems;
  if (instrument === null) {
    const message = `the venue no longer lists ${plan.symbol}, so no limit can be checked`;
    return [...problems, { field: 'limit', value: limit, message }];
  }
  return [...problems, ...limitProblems(amended, instrument)];
}

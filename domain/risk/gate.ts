import type { GateInput, GateOrder } from './gate-input.ts';
import { isPositive } from './amounts.ts';
import { limits } from './registry.ts';
import type { Denial, GateDenial, Verdict } from './verdict.ts';

/**
 * Runs every limit of the registry and collects all that they object to, so that one look shows everything that stands in the way.
 * Never throws: an input that a limit cannot work with (text that is no number) denies as `INPUT_INVALID`.
 */
export function judge(input: GateInput): Verdict {
  const malformed = malformedFields(input.order);
  const [first, ...rest] = malformed.length > 0 ? malformed : limits.flatMap((limit) => checked(limit, input));
  return first === undefined ? { allowed: true } : { allowed: false, denials: [first, ...rest] };
}

function malformedFields(order: GateOrder): GateDenial[] {
  return (['quantity', 'price'] as const)
    .filter((field) => !isPositive(order[field]))
    .map((field) => ({
      code: 'ORDER_INVALID',
      value: String(order[field]),
      limit: null,
      message: `The order's ${field} "${order[field]}" is no decimal number above zero.`,
    }));
}

function checked(limit: (typeof limits)[number], input: GateInput): readonly Denial[] {
  try {
    return limit.check(input);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const message = `The limit ${limit.id} could not work with its input: ${detail}`;
    return [{ code: 'INPUT_INVALID', value: detail, limit: limit.id, message }];
  }
}

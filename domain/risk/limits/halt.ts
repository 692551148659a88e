import type { GateOrder, Halt } from '../gate-input.ts';
import type { DenialShape, RiskLimit } from '../risk-limit.ts';

export type HaltDenial =
  | (DenialShape & { readonly code: 'HALTED'; readonly scope: Halt['scope']; readonly target: string | null })
  | (DenialShape & { readonly code: 'HALTS_UNKNOWN' });

/**
 * Refuses every order that a halt in force covers, but for a sell that only reduces what is held: a halt must not leave a position without its protection.
 * A halt latches: no time and no event lifts it, only a person with a reason.
 */
export const halt: RiskLimit<HaltDenial> = {
  id: 'halt',
  codes: ['HALTED', 'HALTS_UNKNOWN'],
  needs: ['halts'],
  check({ halts, order }) {
    if (halts === null) {
      const message = 'The halts in force could not be read, so no order may pass. Check the database.';
      return [{ code: 'HALTS_UNKNOWN', value: null, limit: null, message }];
    }
    if (order.reduceOnly && order.side === 'sell') return [];
    return halts
      .filter((each) => covers(each, order))
      .map((each) => ({
        code: 'HALTED',
        value: each.id,
        limit: null,
        scope: each.scope,
        target: each.target,
        message: `Trading is halted for ${nameOf(each)} ("${each.reason}", halt ${each.id}). Lift the halt with a reason to go on.`,
      }));
  },
};

/** Whether a halt covers an order. One of scope venue or symbol without a target covers all: in doubt a halt stops. */
function covers(each: Pick<Halt, 'scope' | 'target'>, order: Pick<GateOrder, 'venue' | 'symbol'>): boolean {
  if (each.scope === 'all' || each.target === null) return true;
  return each.target === (each.scope === 'venue' ? order.venue : order.symbol);
}

function nameOf(each: Halt): string {
  return each.scope === 'all' || each.target === null ? 'everything' : `${each.scope} ${each.target}`;
}

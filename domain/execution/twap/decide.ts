import { type Decimal, toText } from '../../market/decimal.ts';
import type { CarryReason, ChildDecision, DecisionInput } from '../algorithm.ts';
import { CATCH_UP_POLICIES, sizeChild } from '../child-quantity.ts';
import { marketableLimitPrice } from '../marketable-limit.ts';
import { choiceParam, numberParam } from '../plan.ts';
import { restingLimitPrice } from '../resting-limit.ts';

/**
 * One child of a TWAP: what the curve lacks, as a marketable limit order that expires at once what it cannot fill, or, for the first
 * part of a maker-first slice, as a post-only order at the touch.
 */
export function decideTwapChild(input: DecisionInput): ChildDecision {
  const { plan, quote, instrument, participation } = input;
  const price =
    input.role === 'maker'
      ? restingLimitPrice(plan.side, quote, plan.limit, instrument)
      : marketableLimitPrice(plan.side, quote, numberParam(plan, 'aggressionBps'), plan.limit, instrument);
  const sizing = sizeChild({
    ...input,
    catchUp: choiceParam(plan, 'catchUp', CATCH_UP_POLICIES),
    catchUpFactor: numberParam(plan, 'catchUpFactor'),
    participationCap: participation.kind === 'bounded' ? participation.cap : null,
    // Beyond the limit nothing is sent; the touch stands in so that the quantity left undone can still be named.
    price: price ?? (plan.side === 'buy' ? quote.ask : quote.bid),
  });
  const quantity = toText(sizing.quantity);
  if (sizing.kind === 'nothing') return carry(sizing.reason, quantity);
  if (participation.kind === 'unknown') return carry('VOLUME_UNKNOWN', quantity);
  if (input.role === 'maker') {
    if (!input.canRest) return carry('NO_POST_ONLY', quantity);
    return { action: 'send', type: 'limit', timeInForce: 'GTC', postOnly: true, price: price as Decimal, quantity };
  }
  if (price === null) return carry('BEYOND_LIMIT', quantity);
  return { action: 'send', type: 'limit', timeInForce: 'IOC', price, quantity };
}

function carry(reason: CarryReason, quantity: Decimal): ChildDecision {
  return { action: 'carry', reason, quantity };
}

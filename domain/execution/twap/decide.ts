import { toText } from '../../market/decimal.ts';
import type { ChildDecision, DecisionInput } from '../algorithm.ts';
import { sizeChild } from '../child-quantity.ts';
import { marketableLimitPrice } from '../marketable-limit.ts';
import { numberParam } from '../plan.ts';

/** One child of a TWAP: what the curve lacks, as a marketable limit order that expires at once what it cannot fill. */
export function decideTwapChild(input: DecisionInput): ChildDecision {
  const { plan, quote, instrument } = input;
  const price = marketableLimitPrice(plan.side, quote, numberParam(plan, 'aggressionBps'), plan.limit, instrument);
  const sizing = sizeChild({
    ...input,
    catchUpFactor: numberParam(plan, 'catchUpFactor'),
    // Beyond the limit nothing is sent; the touch stands in so that the quantity left undone can still be named.
    price: price ?? (plan.side === 'buy' ? quote.ask : quote.bid),
  });
  if (sizing.kind === 'nothing') return { action: 'carry', reason: sizing.reason, quantity: toText(sizing.quantity) };
  if (price === null) return { action: 'carry', reason: 'BEYOND_LIMIT', quantity: toText(sizing.quantity) };
  return { action: 'send', type: 'limit', timeInForce: 'IOC', price, quantity: toText(sizing.quantity) };
}

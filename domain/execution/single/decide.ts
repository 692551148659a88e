import { compare, type Decimal, toText } from '../../market/decimal.ts';
import type { ChildDecision, DecisionInput } from '../algorithm.ts';
import { sizeChild } from '../child-quantity.ts';
import { marketableLimitPrice } from '../marketable-limit.ts';
import { type ExecutionPlan, numberParam } from '../plan.ts';
import { orderKindOf } from '../style.ts';
import { ownPriceOf } from './own-price.ts';
import { stopLimitOf, stopPriceOf } from './stop-limit.ts';

function isBeyond(price: Decimal, { side, limit }: ExecutionPlan): boolean {
  if (limit === null) return false;
  return side === 'buy' ? compare(price, limit) > 0 : compare(price, limit) < 0;
}

/** The price that the order may trade at; `null` when a marketable one could trade nothing within its limit, or has a price of its own beyond it. */
function priceOf({ plan, quote, instrument }: DecisionInput): Decimal | null {
  const kind = orderKindOf(plan);
  if (kind === 'stop') return stopLimitOf(plan, instrument);
  const own = ownPriceOf(plan);
  // The limit may have been amended since the plan was made.
  if (own !== null) return isBeyond(own, plan) ? null : own;
  if (kind !== 'limit')
    return marketableLimitPrice(plan.side, quote, numberParam(plan, 'aggressionBps'), plan.limit, instrument);
  if (plan.limit === null) throw new RangeError(`the plan of this ${plan.algo} has no limit`);
  return plan.limit;
}

/**
 * The one order: all that is still to do, as a marketable limit order that expires at once what it cannot fill, or as one that rests at its price, or
 * sleeps until its trigger is reached.
 */
export function decideSingle(input: DecisionInput): ChildDecision {
  const { plan, quote, finalTarget } = input;
  const kind = orderKindOf(plan);
  const price = priceOf(input);
  const sizing = sizeChild({
    ...input,
    target: finalTarget,
    previousTarget: '0',
    catchUp: 'burst',
    catchUpFactor: 1,
    participationCap: null,
    // Beyond the limit nothing is sent; the touch stands in so that the quantity left undone can still be named.
    price: price ?? (plan.side === 'buy' ? quote.ask : quote.bid),
  });
  const quantity = toText(sizing.quantity);
  if (sizing.kind === 'nothing') return { action: 'carry', reason: sizing.reason, quantity };
  if (price === null) return { action: 'carry', reason: 'BEYOND_LIMIT', quantity };
  if (kind !== 'limit' && kind !== 'stop')
    return { action: 'send', type: 'limit', timeInForce: 'IOC', price, quantity };
  if (kind === 'stop' && !input.canStop) return { action: 'carry', reason: 'NO_STOP_ORDERS', quantity };
  const stopPrice = kind === 'stop' ? stopPriceOf(plan) : null;
  return { action: 'send', type: 'limit', timeInForce: 'GTC', postOnly: false, stopPrice, price, quantity };
}

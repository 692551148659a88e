import type { Decimal } from '../../market/decimal.ts';
import type { ExecutionPlan } from '../plan.ts';
import { orderKindOf } from '../style.ts';

/**
 * The price, in quote per base, that a marketable order is sent at wherever the best opposite price is: what the venue does not fill of it at once expires.
 * Only plans of sessions have one, as `atPrice` among their parameters: nobody can ask for it. `null` for every other order.
 */
export function ownPriceOf(plan: Pick<ExecutionPlan, 'params' | 'algo'>): Decimal | null {
  const { atPrice } = plan.params;
  return orderKindOf(plan) === 'marketable' && typeof atPrice === 'string' ? atPrice : null;
}

import { decimal } from '../market/decimal.ts';
import { nonNegative } from './amounts.ts';
import type { GateInput } from './gate-input.ts';

/**
 * Whether an order is proved to do nothing but reduce: a sell that says so, of no more than its trading session still holds. The limits that keep
 * positions from growing let it pass, since refusing it would hold the position. Whoever only says so, by hand, proves nothing.
 */
export function reduces({ order, reducible }: Pick<GateInput, 'order' | 'reducible'>): boolean {
  if (!order.reduceOnly || order.side !== 'sell' || reducible === null) return false;
  return decimal(order.quantity).lte(nonNegative('reducible', reducible));
}

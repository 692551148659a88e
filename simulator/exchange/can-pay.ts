import Big from 'big.js';
import type { Decimal } from '../../domain/market/decimal.ts';
import type { Side } from '../../domain/orders/order.ts';
import { type Ledger, type LedgerFill, paidAsset } from './ledger.ts';

/**
 * Whether the account can pay for an order that has nothing locked, after fills that are not booked yet: what they paid without a lock is gone, what
 * they brought and what they saved of their locks is there.
 */
export function canPay(
  ledger: Ledger,
  order: {
    readonly side: Side;
    readonly base: string;
    readonly quote: string;
    readonly quantity: Decimal;
    readonly price: Decimal;
  },
  earlier: readonly LedgerFill[],
): boolean {
  const asset = paidAsset(order);
  const cost = order.side === 'buy' ? new Big(order.quantity).times(order.price) : new Big(order.quantity);
  const free = earlier.reduce((sum, fill) => sum.plus(freed(ledger, fill, asset)), ledger.balances.free(asset));
  return free.gte(cost);
}

/** By how much a fill will change what is free of an asset. */
function freed(ledger: Ledger, fill: LedgerFill, asset: string): Big {
  const order = ledger.order(fill.orderId);
  if (order === undefined) throw new Error(`order ${fill.orderId} is not in the ledger`);
  const notional = new Big(fill.quantity).times(fill.price);
  if (fill.feeAsset === asset) return (fill.side === 'buy' ? new Big(fill.quantity) : notional).minus(fill.fee);
  if (paidAsset(order) !== asset) return new Big(0);
  const paid = fill.side === 'buy' ? notional : new Big(fill.quantity);
  if (order.price === null) return paid.neg();
  return fill.side === 'buy' ? new Big(fill.quantity).times(order.price).minus(notional) : new Big(0);
}

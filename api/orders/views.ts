import type { OrderRecord } from '../../adapters/ports/order-list.ts';
import { PRICE_DECIMALS, roundedQuotient } from '../../domain/execution/costs/rounding.ts';
import { decimal } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import { iso } from '../iso.ts';

/** One order as the API shows it. */
export function orderView(order: OrderRecord) {
  const filled = decimal(order.filled);
  return {
    clientOrderId: order.clientOrderId,
    executionId: order.executionId,
    slice: order.slice,
    child: order.child,
    attempt: order.attempt,
    venue: order.venue,
    symbol: order.symbol,
    side: order.side,
    price: order.price,
    quantity: order.quantity,
    filled: order.filled,
    avgPrice: filled.eq(0) ? null : roundedQuotient(decimal(order.notional), filled, PRICE_DECIMALS),
    state: order.state,
    postOnly: order.mode === 'post-only',
    mode: order.mode,
    stopPrice: order.stopPrice,
    mid: order.mid,
    venueOrderId: order.venueOrderId,
    sentAt: iso(order.sentAt),
    notAfter: iso(order.notAfter),
    endedAt: iso(order.endedAt),
    problem: order.problem,
  };
}

/** One fill of an order. */
export function orderFillView({ tradeId, price, quantity, fee, feeAsset, maker, at }: Fill) {
  return { tradeId, price, quantity, fee, feeAsset, maker, at: iso(at) };
}

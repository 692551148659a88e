import type { Order } from 'ccxt';
import type { VenueOrder, VenueOrderStatus } from '../../../domain/orders/order.ts';
import { exactText, exactTextOrNull } from '../exact-text.ts';

/**
 * An order as ccxt reports it, in exact text.
 * @throws {RangeError} when the answer lacks what makes it an order (id, side, quantity) or holds a number that is none
 */
export function toVenueOrder(order: Order): VenueOrder {
  if (typeof order.id !== 'string' || order.id === '') throw new RangeError('the venue named no order id');
  if (order.side !== 'buy' && order.side !== 'sell')
    throw new RangeError(`order side is ${JSON.stringify(order.side)}`);
  const quantity = exactText(order.amount, 'order quantity');
  const filled = exactTextOrNull(order.filled, 'filled quantity') ?? (order.status === 'closed' ? quantity : '0');
  const price = order.type === 'market' ? null : exactTextOrNull(order.price, 'order price');
  return {
    orderId: order.id,
    clientOrderId: order.clientOrderId || null,
    symbol: order.symbol ?? '',
    side: order.side,
    status: statusOf(order.status, filled === quantity),
    price: price === '0' ? null : price,
    quantity,
    filled,
    acceptedAt: typeof order.timestamp === 'number' ? order.timestamp : null,
  };
}

/**
 * ccxt calls every ended order `closed` that was not cancelled, expired or rejected; some exchanges report an order that ended
 * part-filled that way, which is a cancelled one here. An answer without status (Kraken's to a send) counts as open: the
 * caller looks again.
 */
function statusOf(status: string | undefined, whole: boolean): VenueOrderStatus {
  if (status === 'closed') return whole ? 'filled' : 'cancelled';
  if (status === 'canceled') return 'cancelled';
  if (status === 'expired' || status === 'rejected') return status;
  return 'open';
}

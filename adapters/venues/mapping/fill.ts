import type { Trade } from 'ccxt';
import type { Fill } from '../../../domain/orders/fill.ts';
import { exactText, exactTextOrNull } from '../exact-text.ts';

/**
 * A trade of ours as ccxt reports it, in exact text.
 * @throws {RangeError} when the answer lacks what makes it a trade of an order (ids, side, price, quantity, time) or its fee
 */
export function toFill(trade: Trade): Fill {
  if (typeof trade.id !== 'string' || typeof trade.order !== 'string') throw new RangeError('a trade without its ids');
  if (trade.side !== 'buy' && trade.side !== 'sell')
    throw new RangeError(`trade side is ${JSON.stringify(trade.side)}`);
  if (typeof trade.timestamp !== 'number') throw new RangeError(`trade ${trade.id} has no time`);
  if (trade.fee?.currency === undefined) throw new RangeError(`trade ${trade.id} has no fee`);
  return {
    tradeId: trade.id,
    orderId: trade.order,
    symbol: trade.symbol ?? '',
    side: trade.side,
    price: exactText(trade.price, 'trade price'),
    quantity: exactText(trade.amount, 'trade quantity'),
    fee: exactTextOrNull(trade.fee.cost, 'trade fee') ?? '0',
    feeAsset: trade.fee.currency,
    maker: trade.takerOrMaker === 'maker',
    at: trade.timestamp,
  };
}

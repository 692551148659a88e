import type { LedgerFill, LedgerOrder } from '../exchange/ledger.ts';
import { isSynthetic } from '../feeds/feed-label.ts';
import type { RequestLog } from '../request-log.ts';
import type { Venue } from '../venue.ts';

/** Everything that the venue accepted and what came of it: the witness's own account, money as decimal text, ids as text. */
export function ledgerDocument(venue: Venue, requests: RequestLog): Readonly<Record<string, unknown>> {
  const { ledger } = venue.exchange;
  return {
    venue: venue.config.id,
    synthetic: isSynthetic(venue.config.feed),
    requests: requests.newest(),
    orders: ledger.orders().map(orderDocument),
    fills: ledger.fills().map(fillDocument),
    balances: ledger.balances.all(),
  };
}

function orderDocument(order: LedgerOrder): unknown {
  const { orderId, clientOrderId, symbol, side, type, timeInForce, status, price, stopPrice, quantity, filled } = order;
  const { quoteFilled } = order;
  return {
    orderId: String(orderId),
    clientOrderId,
    symbol,
    side,
    type,
    timeInForce: type === 'market' ? null : timeInForce,
    status,
    price,
    stopPrice,
    quantity,
    filled,
    quoteFilled,
    acceptedAt: order.acceptedAt,
    updatedAt: order.updatedAt,
    workingAt: order.workingAt,
    recordedAt: order.recordedAt,
  };
}

function fillDocument(fill: LedgerFill): unknown {
  return {
    ...fill,
    tradeId: String(fill.tradeId),
    orderId: String(fill.orderId),
    sourceId: fill.sourceId === null ? null : String(fill.sourceId),
  };
}

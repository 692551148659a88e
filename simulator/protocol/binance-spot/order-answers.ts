import Big from 'big.js';
import type { LedgerFill, LedgerOrder } from '../../exchange/ledger.ts';
import { amount, wireStatus, wireSymbol, wireType } from './format.ts';

const NO_ORDER_LIST = -1;
const NO_SELF_TRADE_PREVENTION = 'NONE';

type Answer = Readonly<Record<string, unknown>>;

/** The answer to a new order, as short or as long as `newOrderRespType` asks. */
export function newOrderAnswer(
  order: LedgerOrder,
  fills: readonly LedgerFill[],
  kind: 'ACK' | 'RESULT' | 'FULL',
): Answer {
  const acknowledged = {
    symbol: wireSymbol(order.symbol),
    orderId: order.orderId,
    orderListId: NO_ORDER_LIST,
    clientOrderId: order.clientOrderId,
    transactTime: order.acceptedAt,
  };
  if (kind === 'ACK') return acknowledged;
  const result = { ...acknowledged, ...amountsAndState(order), ...stopPriceOf(order), workingTime: workingTime(order) };
  return kind === 'RESULT' ? result : { ...result, fills: fills.map(fillAnswer) };
}

/** An order as the query endpoints show it. */
export function orderAnswer(order: LedgerOrder): Answer {
  return {
    symbol: wireSymbol(order.symbol),
    orderId: order.orderId,
    orderListId: NO_ORDER_LIST,
    clientOrderId: order.clientOrderId,
    ...amountsAndState(order),
    stopPrice: amount(order.stopPrice ?? '0'),
    icebergQty: amount('0'),
    time: order.acceptedAt,
    updateTime: order.updatedAt,
    isWorking: order.workingAt !== null,
    workingTime: workingTime(order),
  };
}

/** The answer to a cancel, which has a client id of its own. */
export function cancelAnswer(order: LedgerOrder, cancelClientOrderId: string): Answer {
  return {
    symbol: wireSymbol(order.symbol),
    origClientOrderId: order.clientOrderId,
    orderId: order.orderId,
    orderListId: NO_ORDER_LIST,
    clientOrderId: cancelClientOrderId,
    transactTime: order.updatedAt,
    ...amountsAndState(order),
    ...stopPriceOf(order),
  };
}

/** A trade of the account. */
export function accountTradeAnswer(fill: LedgerFill): Answer {
  return {
    symbol: wireSymbol(fill.symbol),
    id: fill.tradeId,
    orderId: fill.orderId,
    orderListId: NO_ORDER_LIST,
    price: amount(fill.price),
    qty: amount(fill.quantity),
    quoteQty: amount(new Big(fill.price).times(fill.quantity)),
    commission: amount(fill.fee),
    commissionAsset: fill.feeAsset,
    time: fill.at,
    isBuyer: fill.side === 'buy',
    isMaker: fill.maker,
    isBestMatch: true,
  };
}

function amountsAndState(order: LedgerOrder): Answer {
  return {
    price: amount(order.price ?? '0'),
    origQty: amount(order.quantity),
    executedQty: amount(order.filled),
    origQuoteOrderQty: amount('0'),
    cummulativeQuoteQty: amount(order.quoteFilled),
    status: wireStatus(order),
    timeInForce: order.timeInForce,
    type: wireType(order),
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    selfTradePreventionMode: NO_SELF_TRADE_PREVENTION,
  };
}

/** Answers to a client's own action name the stop price of stop orders alone. */
function stopPriceOf({ stopPrice }: LedgerOrder): Answer {
  return stopPrice === null ? {} : { stopPrice: amount(stopPrice) };
}

/** When the order came to the market; of a stop order that waits Binance says -1. */
function workingTime(order: LedgerOrder): number {
  return order.workingAt ?? -1;
}

function fillAnswer(fill: LedgerFill): Answer {
  return {
    price: amount(fill.price),
    qty: amount(fill.quantity),
    commission: amount(fill.fee),
    commissionAsset: fill.feeAsset,
    tradeId: fill.tradeId,
  };
}

import type { LedgerOrder } from '../../exchange/ledger.ts';
import type { ListedMarket } from '../../exchange/listed-market.ts';
import { type Endpoint, marketOf, type RequestContext } from './endpoint.ts';
import { refuse } from './errors.ts';
import { amount } from './format.ts';
import { newClientOrderId, readNewOrder } from './new-order.ts';
import { cancelAnswer, newOrderAnswer, orderAnswer } from './order-answers.ts';

const DAY_MS = 86_400_000;

function createOrder(context: RequestContext): unknown {
  const { exchange, rates, now, faults } = context;
  const { listed, order, answer } = readNewOrder(context);
  rates.checkOrders(now);
  const accepted = exchange.place(listed, order, now, context.fillShare);
  rates.countOrder(now);
  faults.accepted(accepted.orderId, now);
  return newOrderAnswer(accepted, exchange.ledger.fillsOf(accepted.orderId), answer);
}

function testOrder(context: RequestContext): unknown {
  const wantsRates = context.parameters.optional('computeCommissionRates') === 'true';
  const { listed, order } = readNewOrder(context);
  context.exchange.test(listed, order, context.now);
  if (!wantsRates) return {};
  const rates = context.exchange.feeRates();
  const none = { maker: amount('0'), taker: amount('0') };
  return {
    standardCommissionForOrder: { maker: amount(rates.maker), taker: amount(rates.taker) },
    taxCommissionForOrder: none,
    discount: { enabledForAccount: false, enabledForSymbol: false, discountAsset: 'BNB', discount: amount('0') },
  };
}

function queryOrder(context: RequestContext): unknown {
  const listed = marketOf(context);
  const find = readOrderReference(context, listed);
  context.parameters.finish();
  const order = find();
  if (order === undefined || context.faults.hides('order.fetch', order.orderId, context.now))
    throw refuse.noSuchOrder();
  return orderAnswer(order);
}

function cancelOrder(context: RequestContext): unknown {
  const listed = marketOf(context);
  const find = readOrderReference(context, listed);
  const cancelId = context.parameters.clientOrderId('newClientOrderId') ?? newClientOrderId();
  context.parameters.finish();
  const order = find();
  if (order === undefined) throw refuse.cancelUnknown();
  return cancelAnswer(context.exchange.cancel(listed, order, context.now, cancelId), cancelId);
}

function cancelOpenOrders(context: RequestContext): unknown {
  const listed = marketOf(context);
  context.parameters.finish();
  const open = openOrdersOf(context, listed);
  if (open.length === 0) throw refuse.cancelUnknown();
  const cancelId = newClientOrderId();
  return open.map((order) => cancelAnswer(context.exchange.cancel(listed, order, context.now, cancelId), cancelId));
}

function openOrders(context: RequestContext): unknown {
  const listed = context.parameters.has('symbol') ? marketOf(context) : null;
  context.parameters.finish();
  return openOrdersOf(context, listed)
    .filter((order) => !context.faults.hides('orders.open', order.orderId, context.now))
    .map(orderAnswer);
}

/** With `orderId` from that order on; with times the earliest orders accepted within them; else the newest ones. */
function allOrders(context: RequestContext): unknown {
  const { parameters, exchange, faults, now } = context;
  const listed = marketOf(context);
  const orderId = parameters.whole('orderId');
  const from = parameters.time('startTime');
  const to = parameters.time('endTime');
  const limit = parameters.limit(500, 1_000);
  parameters.finish();
  if (from !== null && to !== null && to - from > DAY_MS) throw refuse.lookupTooLong(24);
  const found = exchange.ledger
    .orders()
    .filter((order) => order.symbol === listed.listing.symbol && !faults.hides('orders.all', order.orderId, now))
    .filter((order) => order.orderId >= (orderId ?? 0))
    .filter((order) => order.acceptedAt >= (from ?? 0) && order.acceptedAt <= (to ?? Number.POSITIVE_INFINITY));
  const fromStart = orderId !== null || from !== null;
  return (fromStart ? found.slice(0, limit) : found.slice(-limit)).map(orderAnswer);
}

/** Reads `orderId` and `origClientOrderId`; the returned look-up gives the order that fits everything that was sent. */
function readOrderReference(context: RequestContext, listed: ListedMarket): () => LedgerOrder | undefined {
  const orderId = context.parameters.whole('orderId');
  const clientOrderId = context.parameters.clientOrderId('origClientOrderId');
  const { ledger } = context.exchange;
  const { symbol } = listed.listing;
  if (orderId === null && clientOrderId === null) throw refuse.oneOf('origClientOrderId', 'orderId');
  return () => {
    if (orderId === null) return ledger.byClientOrderId(symbol, clientOrderId ?? '');
    const order = ledger.order(orderId);
    const fits = order?.symbol === symbol && (clientOrderId === null || order.clientOrderId === clientOrderId);
    return fits ? order : undefined;
  };
}

function openOrdersOf(context: RequestContext, listed: ListedMarket | null): readonly LedgerOrder[] {
  const open = context.exchange.ledger.openOrders();
  return listed === null ? open : open.filter((order) => order.symbol === listed.listing.symbol);
}

const trade = { security: 'signed', trades: true } as const;

export const orderEndpoints: Readonly<Record<string, Endpoint>> = {
  'POST /api/v3/order': { ...trade, fault: 'order.create', weight: () => 1, handle: createOrder },
  'POST /api/v3/order/test': { ...trade, fault: null, weight: () => 1, handle: testOrder },
  'GET /api/v3/order': { security: 'signed', fault: 'order.fetch', weight: () => 4, handle: queryOrder },
  'DELETE /api/v3/order': { ...trade, fault: 'order.cancel', weight: () => 1, handle: cancelOrder },
  'DELETE /api/v3/openOrders': { ...trade, fault: 'order.cancel', weight: () => 1, handle: cancelOpenOrders },
  'GET /api/v3/openOrders': {
    security: 'signed',
    fault: 'orders.open',
    weight: (sent) => (sent.has('symbol') ? 6 : 80),
    handle: openOrders,
  },
  'GET /api/v3/allOrders': { security: 'signed', fault: 'orders.all', weight: () => 20, handle: allOrders },
};

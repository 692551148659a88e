import type { Market } from 'ccxt';
import type { Decimal, EpochMs } from '../../../domain/market/decimal.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import type { OrderRequest, VenueOrder } from '../../../domain/orders/order.ts';
import { VenueReadError } from '../../ports/venue.ts';
import { exactText } from '../exact-text.ts';
import { readBalances } from '../mapping/balance.ts';
import { toFill } from '../mapping/fill.ts';
import { toVenueOrder } from '../mapping/order.ts';
import type { WireAnswer } from '../wire.ts';
import type { RawError, VenueCalls, VenueCapability } from './capability.ts';

/**
 * What is assumed of an exchange of which nothing is known but that ccxt speaks it: no deadline in its orders, no table of codes (so
 * every code leaves the outcome of a send open), no look-up by client id that could be trusted (open and ended orders are
 * listed and searched), no tape by id.
 */
export const generic: VenueCapability = {
  hasOrderDeadline: false,
  hasPostOnly: false,
  hasStopOrders: false,
  stopOrderLimit: () => null,
  // The exchange does not tell what requests cost, so ccxt's own spacing is the only protection from its limits.
  usesCcxtLimiter: true,
  options: {},
  weights: null,
  costs: { markets: 0, time: 0, order: 0, balances: 0 },

  weightLimitFrom: () => null,

  readRawError: readCommonError,

  meaningOf: () => null,

  reasonOf: () => null,

  meaningOfStatus: (status) => (status === 429 || status === 418 ? 'refused-later' : null),

  saysNoSuchOrder: () => false,

  saysClockOff: () => false,

  sendParameters: (order) => ({
    clientOrderId: order.clientOrderId,
    ...(order.type === 'limit' ? { timeInForce: order.timeInForce } : {}),
    ...(isPostOnly(order) ? { postOnly: true } : {}),
    ...triggerOf(order),
  }),

  fillsInAnswer: () => [],

  quote: (calls, market) =>
    calls.call('orders', 0, async () => {
      const book = await calls.exchange.fetchOrderBook(symbolOf(market));
      const [bid, ask] = [book.bids[0], book.asks[0]];
      if (bid === undefined || ask === undefined) {
        throw new VenueReadError(`${symbolOf(market)} has no ${bid === undefined ? 'bid' : 'ask'} now`);
      }
      return {
        bid: exactText(bid[0], 'bid'),
        bidQuantity: exactText(bid[1], 'bid quantity'),
        ask: exactText(ask[0], 'ask'),
        askQuantity: exactText(ask[1], 'ask quantity'),
        at: calls.now(),
      };
    }),

  // What a key may do no two exchanges tell in the same way.
  async accountFacts(calls) {
    return { canTrade: null, canWithdraw: null, balances: await readBalances(calls, this.costs.balances) };
  },

  async cancel(calls, market, clientOrderId) {
    const open = await this.openOrders(calls, market);
    const order = open.find((each) => each.clientOrderId === clientOrderId);
    if (order === undefined) return;
    await calls.call('orders', 0, () => calls.exchange.cancelOrder(order.orderId, symbolOf(market)));
  },

  async findByClientOrderId(calls, market, clientOrderId) {
    const orders = await this.ordersSince(calls, market, calls.now() - LOOK_BACK_MS);
    return orders.find((each) => each.clientOrderId === clientOrderId) ?? null;
  },

  findByOrderId: (calls, market, orderId) =>
    calls.call('orders', 0, async () => toVenueOrder(await calls.exchange.fetchOrder(orderId, symbolOf(market)))),

  openOrders: (calls, market) =>
    calls.call('orders', 0, async () => {
      const orders = await calls.exchange.fetchOpenOrders(market?.symbol);
      return orders.map(toVenueOrder);
    }),

  async ordersSince(calls, market, since) {
    const byId = new Map<string, VenueOrder>();
    // Ended orders last: one that ended between the two answers then stands with its end.
    for (const order of await this.openOrders(calls, market)) byId.set(order.orderId, order);
    for (const order of await endedOrders(calls, market, since)) byId.set(order.orderId, order);
    return [...byId.values()].filter((order) => order.acceptedAt === null || order.acceptedAt >= since);
  },

  async fillsOfOrder(calls, market, orderId) {
    const fills = await this.fillsSince(calls, market, calls.now() - LOOK_BACK_MS);
    return fills.filter((fill) => fill.orderId === orderId);
  },

  async fillsSince(calls, market, since) {
    const byId = new Map<string, Fill>();
    let from = since;
    for (;;) {
      const known = byId.size;
      const page = await calls.call('orders', 0, async () => {
        const trades = await calls.exchange.fetchMyTrades(symbolOf(market), from);
        return trades.map(toFill);
      });
      // Two orders of ours that trade with each other share the trade's id.
      for (const fill of page) byId.set(`${fill.tradeId} ${fill.orderId}`, fill);
      // Pages overlap by one instant, so that trades of the same millisecond are not cut apart.
      if (byId.size === known) return [...byId.values()].sort((a, b) => a.at - b.at);
      from = Math.max(...page.map((fill) => fill.at));
    }
  },

  tape: () => null,

  streams: {
    options: {},
    bookDepth: undefined,
    snapshotWeight: 0,
    redirected: (addresses, ws) => withHost(addresses, ws),
    subscribeAccount: () => Promise.resolve(),
    closedCandleIn: () => null,
    clientOrderIdOf: (trade) => textOrNull((trade.info as Record<string, unknown> | undefined)?.['clientOrderId']),
  },
};

/** The same addresses with the scheme and host of `ws`. */
function withHost(addresses: unknown, ws: string): unknown {
  if (typeof addresses === 'string') return addresses.replace(/^wss?:\/\/[^/]+/, ws);
  if (typeof addresses !== 'object' || addresses === null) return addresses;
  return Object.fromEntries(Object.entries(addresses).map(([name, each]) => [name, withHost(each, ws)]));
}

/** A text that is not empty, or `null`. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** How far back orders and trades are listed when only an id is known. */
const LOOK_BACK_MS = 24 * 3_600_000;

async function endedOrders(calls: VenueCalls, market: Market, since: EpochMs): Promise<readonly VenueOrder[]> {
  const { exchange } = calls;
  const list = async (fetch: () => ReturnType<typeof exchange.fetchOrders>) =>
    calls.call('orders', 0, async () => (await fetch()).map(toVenueOrder));
  if (exchange.has['fetchOrders']) return list(() => exchange.fetchOrders(symbolOf(market), since));
  const closed = await list(() => exchange.fetchClosedOrders(symbolOf(market), since));
  if (!exchange.has['fetchCanceledOrders']) return closed;
  return [...closed, ...(await list(() => exchange.fetchCanceledOrders(symbolOf(market), since)))];
}

/** Whether an order may only wait in the book. */
export function isPostOnly(order: OrderRequest): boolean {
  return order.type === 'limit' && order.timeInForce === 'GTC' && order.postOnly === true;
}

/** ccxt's parameter of an order that sleeps until the market trades at its trigger; nothing for any other. */
export function triggerOf(order: OrderRequest): { readonly stopLossPrice?: Decimal } {
  if (order.type !== 'limit' || order.timeInForce !== 'GTC' || order.stopPrice === undefined) return {};
  return { stopLossPrice: order.stopPrice };
}

/** The symbol of a market that has been looked up. */
export function symbolOf(market: Market): string {
  return market?.symbol ?? '';
}

/** Reads an error code from the shapes that most exchanges use: `code`/`msg`, `retCode`/`retMsg`, `error: ["…"]`. */
function readCommonError(answer: WireAnswer): RawError | null {
  const body = parseObject(answer.body);
  if (body === null) return null;
  if (Array.isArray(body['error']) && body['error'].length > 0) {
    return { code: String(body['error'][0]), message: body['error'].join('; ') };
  }
  const code = body['code'] ?? body['retCode'] ?? body['err_code'] ?? body['error_code'];
  if (typeof code !== 'string' && typeof code !== 'number') return null;
  if (['0', '200', '200000', '00000', '00000000'].includes(String(code))) return null;
  const message = body['msg'] ?? body['message'] ?? body['retMsg'] ?? body['error'] ?? '';
  return { code: String(code), message: typeof message === 'string' ? message : JSON.stringify(message) };
}

/** The JSON object in a text; `null` when it holds none. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

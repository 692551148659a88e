import type { Market } from 'ccxt';
import type { EpochMs } from '../../../domain/market/decimal.ts';
import type { PublicTrade } from '../../../domain/market/public-trade.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import type { VenueOrder } from '../../../domain/orders/order.ts';
import { VenueReadError } from '../../ports/venue.ts';
import { exactText } from '../exact-text.ts';
import { balancesIn } from '../mapping/balance.ts';
import { toFill } from '../mapping/fill.ts';
import { toVenueOrder } from '../mapping/order.ts';
import { recordsSince } from '../records-since.ts';
import type { WireAnswer } from '../wire.ts';
import { binanceMeaningOf, binanceReasonOf } from './binance-errors.ts';
import { stopOrderLimitOf } from './binance-filters.ts';
import type { CodeMeaning, VenueCalls, VenueCapability } from './capability.ts';
import { binanceStreams } from './binance-streams.ts';
import { generic, isPostOnly, parseObject, symbolOf, triggerOf } from './generic.ts';

/** Rows of one page of orders or trades: the most that the exchange gives. */
const PAGE = 1000;

/** Binance spot, by its REST API documentation; weights as in its "Request weight" lines. */
export const binance: VenueCapability = {
  ...generic,
  hasOrderDeadline: true,
  hasPostOnly: true,
  // Of type STOP_LOSS_LIMIT: ccxt makes it of a limit order with a stopLossPrice.
  hasStopOrders: true,
  stopOrderLimit: stopOrderLimitOf,
  // Every answer tells the weight used, and our budget follows that. ccxt's limiter would queue an order behind reads while its
  // signed deadline runs out.
  usesCcxtLimiter: false,
  options: {
    defaultType: 'spot',
    fetchMarkets: { types: ['spot'] },
    fetchMargins: false,
    fetchCurrencies: false,
    newOrderRespType: { market: 'FULL', limit: 'FULL' },
    recvWindow: 5000,
    warnOnFetchOpenOrdersWithoutSymbol: false,
  },
  weights: { usedHeader: 'x-mbx-used-weight-1m', limit: 6000 },
  costs: { markets: 20, time: 1, order: 1, balances: 20 },

  weightLimitFrom(answer) {
    const limits = parseObject(answer.body)?.['rateLimits'];
    if (!Array.isArray(limits)) return null;
    const perMinute = limits.find(
      (each) => each?.rateLimitType === 'REQUEST_WEIGHT' && each?.interval === 'MINUTE' && each?.intervalNum === 1,
    );
    return typeof perMinute?.limit === 'number' ? perMinute.limit : null;
  },

  readRawError(answer: WireAnswer) {
    const body = parseObject(answer.body);
    const { code, msg } = body ?? {};
    if (typeof code !== 'number' || code >= 0) return null;
    return { code: String(code), message: typeof msg === 'string' ? msg : '' };
  },

  meaningOf: binanceMeaningOf,

  reasonOf: binanceReasonOf,

  meaningOfStatus: (status): CodeMeaning | null => {
    // "HTTP 403: the WAF limit has been violated", "429: breaking a rate limit", "418: auto-banned": all before the engine.
    if (status === 403 || status === 418 || status === 429) return 'refused-later';
    // The path or the size of the request is wrong: no order was read from it.
    if (status === 404 || status === 405 || status === 413 || status === 414) return 'refused-never';
    return null;
  },

  saysNoSuchOrder: ({ code }) => code === '-2013',

  saysClockOff: ({ code }) => code === '-1021',

  sendParameters: (order, timestamp, recvWindowMs) => ({
    timestamp,
    recvWindow: recvWindowMs,
    newClientOrderId: order.clientOrderId,
    // A post-only order is of a type of its own, LIMIT_MAKER, which has no time in force.
    ...(isPostOnly(order) ? { postOnly: true } : order.type === 'limit' ? { timeInForce: order.timeInForce } : {}),
    ...triggerOf(order),
  }),

  fillsInAnswer: (answer, order) => fillsInAnswer(answer.info, order),

  // An order is decided on it: it must not wait behind reads of the tape.
  quote: (calls, market) =>
    calls.call('orders', 2, async () => {
      const ticker = await calls.exchange['publicGetTickerBookTicker']({ symbol: market?.id });
      const quote = {
        bid: exactText(ticker.bidPrice, 'bid'),
        bidQuantity: exactText(ticker.bidQty, 'bid quantity'),
        ask: exactText(ticker.askPrice, 'ask'),
        askQuantity: exactText(ticker.askQty, 'ask quantity'),
        at: calls.now(),
      };
      // An empty side comes as price zero.
      if (quote.bid === '0') throw new VenueReadError(`${symbolOf(market)} has no bid now`);
      if (quote.ask === '0') throw new VenueReadError(`${symbolOf(market)} has no ask now`);
      return quote;
    }),

  accountFacts: (calls) =>
    calls.call('orders', 20, async () => {
      const account: Record<string, unknown> = await calls.exchange['privateGetAccount']({});
      const told = (name: string): boolean | null => (typeof account[name] === 'boolean' ? account[name] : null);
      return {
        canTrade: told('canTrade'),
        canWithdraw: told('canWithdraw'),
        // ccxt's own `parseBalance` is not made for this exchange.
        balances: balancesIn(calls.exchange['parseBalanceCustom'](account, 'spot')),
      };
    }),

  async cancel(calls, market, clientOrderId) {
    try {
      await calls.call('orders', 1, () =>
        calls.exchange['privateDeleteOrder']({ symbol: market?.id, origClientOrderId: clientOrderId }),
      );
    } catch (error) {
      const unknownOrder =
        error instanceof VenueReadError && error.code === '-2011' && /unknown order/i.test(error.message);
      if (!unknownOrder) throw error;
    }
  },

  findByClientOrderId: (calls, market, clientOrderId) => findOrder(calls, market, { origClientOrderId: clientOrderId }),

  findByOrderId: (calls, market, orderId) => findOrder(calls, market, { orderId }),

  openOrders: (calls, market) =>
    // Of all symbols it is dearer; without a symbol they come with their own.
    calls.call('orders', market === undefined ? 80 : 6, async () => {
      const query = market === undefined ? {} : { symbol: market.id };
      const orders: object[] = await calls.exchange['privateGetOpenOrders'](query);
      return orders.map((order) => toVenueOrder(calls.exchange.parseOrder(order, market)));
    }),

  async ordersSince(calls, market, since) {
    const list = (query: object) =>
      calls.call('orders', 20, async () => {
        const orders: object[] = await calls.exchange['privateGetAllOrders']({
          symbol: market?.id,
          limit: PAGE,
          ...query,
        });
        return orders.map((order) => toVenueOrder(calls.exchange.parseOrder(order, market)));
      });
    const orders = await recordsSince({
      pageSize: PAGE,
      between: (startTime, endTime) => list({ startTime, ...(endTime === null ? {} : { endTime }) }),
      fromId: (orderId) => list({ orderId }),
      idOf: (order) => Number(order.orderId),
      since,
      now: calls.now(),
    });
    return orders.filter((order) => order.acceptedAt === null || order.acceptedAt >= since);
  },

  async fillsOfOrder(calls, market, orderId) {
    const fills = [];
    for (let fromId: number | null = null; ;) {
      const page = await myTrades(calls, market, 5, { orderId, ...(fromId === null ? {} : { fromId }) });
      fills.push(...page);
      const last = page.at(-1);
      if (page.length < PAGE || last === undefined) return fills;
      fromId = Number(last.tradeId) + 1;
    }
  },

  async fillsSince(calls, market, since) {
    const list = (query: object) => myTrades(calls, market, 20, query);
    const fills = await recordsSince({
      pageSize: PAGE,
      between: (startTime, endTime) => list({ startTime, ...(endTime === null ? {} : { endTime }) }),
      fromId: (fromId) => list({ fromId }),
      idOf: (fill) => Number(fill.tradeId),
      // Two orders of ours that trade with each other share the trade's id.
      keyOf: (fill) => `${fill.tradeId} ${fill.orderId}`,
      since,
      now: calls.now(),
    });
    return fills.filter((fill) => fill.at >= since);
  },

  tape: (calls, market) => ({
    pageSize: PAGE,
    async firstIdSince(at: EpochMs) {
      const [first] = await calls.call<{ f: number }[]>('market', 4, () =>
        calls.exchange['publicGetAggTrades']({ symbol: market?.id, startTime: at, limit: 1 }),
      );
      return first === undefined ? null : Number(first.f);
    },
    pageFrom: (fromId, limit) =>
      calls.call('market', 25, async () => {
        const trades = await historicalTrades(calls, { symbol: market?.id, fromId, limit });
        return trades.map(toPublicTrade);
      }),
    latest: () =>
      calls.call('market', 25, async () => {
        const trades: RawPublicTrade[] = await calls.exchange['publicGetTrades']({ symbol: market?.id, limit: 1 });
        const last = trades.at(-1);
        return last === undefined ? null : toPublicTrade(last);
      }),
  }),

  streams: binanceStreams,
};

async function myTrades(calls: VenueCalls, market: Market, weight: number, query: object) {
  return calls.call('orders', weight, async () => {
    const trades: object[] = await calls.exchange['privateGetMyTrades']({ symbol: market?.id, limit: PAGE, ...query });
    return trades.map((trade) => toFill(calls.exchange.parseTrade(trade, market)));
  });
}

interface RawPublicTrade {
  readonly id: number | string;
  readonly price: string;
  readonly qty: string;
  readonly time: number;
}

function toPublicTrade(trade: RawPublicTrade): PublicTrade {
  return {
    tradeId: String(trade.id),
    price: exactText(trade.price, 'trade price'),
    quantity: exactText(trade.qty, 'trade quantity'),
    at: Number(trade.time),
  };
}

/** The exchange serves old trades without a key, but ccxt refuses to ask for them without one, so a reader asks by address. */
function historicalTrades(calls: VenueCalls, query: Record<string, unknown>): Promise<RawPublicTrade[]> {
  const { exchange } = calls;
  if (exchange.apiKey) return exchange['publicGetHistoricalTrades'](query);
  const base = (exchange.urls['api'] as Record<string, string>)['public'];
  return exchange.fetch(`${base}/historicalTrades?${exchange.urlencode(query)}`);
}

/** A trade in the answer to a new order of type FULL. It has just come, so it has taken. */
interface AnsweredFill {
  readonly price?: unknown;
  readonly qty?: unknown;
  readonly commission?: unknown;
  readonly commissionAsset?: unknown;
  readonly tradeId?: unknown;
}

function fillsInAnswer(info: unknown, { orderId, symbol, side }: VenueOrder): readonly Fill[] {
  const { fills, transactTime } = (info ?? {}) as { fills?: unknown; transactTime?: unknown };
  const at = Number(transactTime);
  if (!Array.isArray(fills) || !Number.isSafeInteger(at) || at <= 0) return [];
  try {
    return (fills as readonly AnsweredFill[]).map(({ tradeId, price, qty, commission, commissionAsset }) => {
      if (typeof commissionAsset !== 'string') throw new RangeError('a trade without the asset of its fee');
      return {
        tradeId: exactText(tradeId, 'trade id'),
        orderId,
        symbol,
        side,
        price: exactText(price, 'trade price'),
        quantity: exactText(qty, 'trade quantity'),
        fee: exactText(commission, 'trade fee'),
        feeAsset: commissionAsset,
        maker: false,
        at,
      };
    });
  } catch {
    // The order stands whatever its answer lacks: its trades are asked for.
    return [];
  }
}

async function findOrder(calls: VenueCalls, market: Market, by: object): Promise<VenueOrder | null> {
  try {
    return await calls.call('orders', 4, async () => {
      const order = await calls.exchange['privateGetOrder']({ symbol: market?.id, ...by });
      return toVenueOrder(calls.exchange.parseOrder(order, market));
    });
  } catch (error) {
    // "Order does not exist."
    if (error instanceof VenueReadError && error.code === '-2013') return null;
    throw error;
  }
}

import Big from 'big.js';
import type { TapePrint } from '../../../domain/matching/market-types.ts';
import type { ListedMarket } from '../../exchange/listed-market.ts';
import { replayedMarket } from '../../exchange/replayed-market.ts';
import { candles, type Interval, INTERVALS } from './candles.ts';
import { type Endpoint, marketOf, marketsOf, type RequestContext } from './endpoint.ts';
import { refuse } from './errors.ts';
import { AVERAGE_PRICE_MINUTES } from './filters.ts';
import { amount } from './format.ts';
import { averagePrice } from './new-order.ts';
import { replayedIntervals, replayedRows } from './replayed-candles.ts';
import { bookTicker, dayTicker, priceTicker } from './tickers.ts';

function depth(context: RequestContext): unknown {
  const listed = marketOf(context);
  const limit = context.parameters.limit(100, 5_000);
  context.parameters.finish();
  const { lastUpdateId, bids, asks } = listed.market.depth(limit, context.now);
  const level = ([price, quantity]: readonly [string, string]) => [amount(price), amount(quantity)];
  return { lastUpdateId, bids: bids.map(level), asks: asks.map(level) };
}

function recentTrades(context: RequestContext): unknown {
  const listed = marketOf(context);
  const limit = context.parameters.limit(500, 1_000);
  context.parameters.finish();
  return listed.tape.newest(limit).map(tradeAnswer);
}

function historicalTrades(context: RequestContext): unknown {
  const listed = marketOf(context);
  const fromId = context.parameters.whole('fromId');
  const limit = context.parameters.limit(500, 1_000);
  context.parameters.finish();
  return (fromId === null ? listed.tape.newest(limit) : listed.tape.fromId(fromId, limit)).map(tradeAnswer);
}

/** Each print is an aggregate of its own. */
function aggregateTrades(context: RequestContext): unknown {
  const { parameters, now } = context;
  const { tape } = marketOf(context);
  const fromId = parameters.whole('fromId');
  const from = parameters.time('startTime');
  const to = parameters.time('endTime');
  const limit = parameters.limit(500, 1_000);
  parameters.finish();
  if (fromId !== null && (from !== null || to !== null)) throw refuse.badCombination();
  if (fromId !== null) return tape.fromId(fromId, limit).map(aggregateAnswer);
  if (from !== null) return tape.between(from, to ?? now, limit).map(aggregateAnswer);
  const newest = to === null ? tape.newest(limit) : tape.between(0, to, Number.POSITIVE_INFINITY).slice(-limit);
  return newest.map(aggregateAnswer);
}

function klines(context: RequestContext): unknown {
  const { parameters, now, faults } = context;
  const listed = marketOf(context);
  const replayed = replayedMarket(listed);
  const known = replayed === null ? Object.keys(INTERVALS) : replayedIntervals(replayed.market);
  const interval = parameters.choice('interval', known, refuse.interval);
  if (interval === null) throw refuse.mandatory('interval');
  const from = parameters.time('startTime');
  const to = parameters.time('endTime');
  const limit = parameters.limit(500, 1_000);
  parameters.choice('timeZone', ['0', '00:00'] as const, () => refuse.invalid('timeZone'));
  parameters.finish();
  if (replayed === null) return candles(listed, interval as Interval, { from, to: Math.min(to ?? now, now), limit });
  // These times are recorded ones: a clock of the venue that is wrong does not change them.
  const skew = faults.clockSkewMs(now);
  const range = { from: from === null ? null : from + skew, to: to === null ? Infinity : to + skew, limit };
  return replayedRows(replayed.market, interval, range, -skew);
}

function currentAveragePrice(context: RequestContext): unknown {
  const listed = marketOf(context);
  context.parameters.finish();
  return {
    mins: AVERAGE_PRICE_MINUTES,
    price: amount(averagePrice(listed, context.now) ?? '0'),
    closeTime: listed.tape.last()?.at ?? context.now,
  };
}

function dayTickers(context: RequestContext): unknown {
  const kind = context.parameters.choice('type', ['FULL', 'MINI'] as const, () => refuse.invalid('type')) ?? 'FULL';
  return perMarket(context, (listed) => dayTicker(listed, context.now, kind));
}

function perMarket(context: RequestContext, answer: (listed: ListedMarket) => unknown): unknown {
  const { markets, single } = marketsOf(context);
  context.parameters.finish();
  const answers = markets.map(answer);
  return single ? answers[0] : answers;
}

function tradeAnswer(print: TapePrint): unknown {
  return {
    id: print.tradeId,
    price: amount(print.price),
    qty: amount(print.quantity),
    quoteQty: amount(new Big(print.price).times(print.quantity)),
    time: print.at,
    isBuyerMaker: print.buyerIsMaker,
    isBestMatch: true,
  };
}

function aggregateAnswer(print: TapePrint): unknown {
  return {
    a: print.tradeId,
    p: amount(print.price),
    q: amount(print.quantity),
    f: print.tradeId,
    l: print.tradeId,
    T: print.at,
    m: print.buyerIsMaker,
    M: true,
  };
}

/** Weight of the book by the number of levels, as Binance charges it. */
function depthWeight(sent: URLSearchParams): number {
  const limit = Number(sent.get('limit') ?? 100);
  if (limit <= 100) return 5;
  if (limit <= 500) return 25;
  return limit <= 1_000 ? 50 : 250;
}

const perSymbol = (single: number, all: number) => (sent: URLSearchParams) => (sent.has('symbol') ? single : all);
const open = { security: 'none', fault: null } as const;

export const marketDataEndpoints: Readonly<Record<string, Endpoint>> = {
  'GET /api/v3/ping': { ...open, weight: () => 1, handle: () => ({}) },
  'GET /api/v3/time': { ...open, weight: () => 1, handle: ({ now }) => ({ serverTime: now }) },
  'GET /api/v3/depth': { security: 'none', fault: 'book', weight: depthWeight, handle: depth },
  'GET /api/v3/trades': { ...open, weight: () => 25, handle: recentTrades },
  'GET /api/v3/historicalTrades': { ...open, weight: () => 25, handle: historicalTrades },
  'GET /api/v3/aggTrades': { ...open, weight: () => 4, handle: aggregateTrades },
  'GET /api/v3/klines': { ...open, weight: () => 2, handle: klines },
  'GET /api/v3/avgPrice': { ...open, weight: () => 2, handle: currentAveragePrice },
  'GET /api/v3/ticker/24hr': { ...open, weight: perSymbol(2, 80), handle: dayTickers },
  'GET /api/v3/ticker/price': {
    ...open,
    weight: perSymbol(2, 4),
    handle: (context) => perMarket(context, priceTicker),
  },
  'GET /api/v3/ticker/bookTicker': {
    security: 'none',
    fault: 'book',
    weight: perSymbol(2, 4),
    handle: (context) => perMarket(context, (listed) => bookTicker(listed, context.now)),
  },
};

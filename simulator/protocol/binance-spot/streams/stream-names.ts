import type { EpochMs } from '../../../../domain/market/decimal.ts';
import type { ListedMarket } from '../../../exchange/listed-market.ts';
import { replayedMarket } from '../../../exchange/replayed-market.ts';
import { type Interval, INTERVALS } from '../candles.ts';
import { wireSymbol } from '../format.ts';
import { replayedIntervals } from '../replayed-candles.ts';
import { bookTickerStream, depthStream, partialDepthStream } from './book-streams.ts';
import { KlineStream } from './kline-stream.ts';
import type { Publisher, Tell } from './publisher.ts';
import { replayedKlineStream } from './replayed-kline-stream.ts';
import { tickersStream, tickerStream } from './ticker-streams.ts';
import { aggregateTradeStream, tradeStream } from './trade-stream.ts';

/** Opens the publisher of one stream at the venue's present. */
export type OpenStream = (now: EpochMs, tell: Tell) => Publisher;

const DEFAULT_DEPTH_PERIOD_MS = 1_000;

/** What stands behind a stream's name, such as `btcusdt@kline_1m`; `null` when the venue has no such stream. */
export function findStream(name: string, markets: readonly ListedMarket[]): OpenStream | null {
  if (name === '!ticker@arr') return (now, tell) => tickersStream(markets, '24hrTicker', now, tell);
  if (name === '!miniTicker@arr') return (now, tell) => tickersStream(markets, '24hrMiniTicker', now, tell);
  const at = name.indexOf('@');
  const symbol = name.slice(0, at);
  const listed = markets.find((market) => wireSymbol(market.listing.symbol).toLowerCase() === symbol);
  return at === -1 || listed === undefined ? null : streamOf(listed, name.slice(at + 1));
}

function streamOf(listed: ListedMarket, kind: string): OpenStream | null {
  switch (kind) {
    case 'trade':
      return (_now, tell) => tradeStream(listed, tell);
    case 'aggTrade':
      return (_now, tell) => aggregateTradeStream(listed, tell);
    case 'bookTicker':
      return () => bookTickerStream(listed);
    case 'ticker':
      return (now, tell) => tickerStream(listed, '24hrTicker', now, tell);
    case 'miniTicker':
      return (now, tell) => tickerStream(listed, '24hrMiniTicker', now, tell);
    default:
      return depthOf(listed, kind) ?? klineOf(listed, kind);
  }
}

function depthOf(listed: ListedMarket, kind: string): OpenStream | null {
  const match = /^depth(5|10|20)?(?:@(100|1000)ms)?$/.exec(kind);
  if (match === null) return null;
  const [, levels, period] = match;
  const periodMs = period === undefined ? DEFAULT_DEPTH_PERIOD_MS : Number(period);
  if (levels === undefined) return (now, tell) => depthStream(listed, periodMs, now, tell);
  return (now) => partialDepthStream(listed, Number(levels), periodMs, now);
}

function klineOf(listed: ListedMarket, kind: string): OpenStream | null {
  const name = /^kline_(.+)$/.exec(kind)?.[1];
  const replayed = replayedMarket(listed);
  if (replayed !== null) {
    const isKnown = name !== undefined && replayedIntervals(replayed.market).includes(name);
    return isKnown ? (_now, tell) => replayedKlineStream(replayed, name, tell) : null;
  }
  const interval = (Object.keys(INTERVALS) as Interval[]).find((known) => known === name);
  return interval === undefined ? null : (now, tell) => new KlineStream(listed, interval, now, tell);
}

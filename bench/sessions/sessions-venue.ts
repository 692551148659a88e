import { type ChaosMarket, quantityOf } from '../../bin/chaos/markets.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import { MARKETS } from './sessions-options.ts';

/** Where the sessions trade. */
export const VENUE = 'bench';
/** In quote: what one session works with, and what it holds at most, at the mid when it starts. */
const CAPITAL = '10000';
const NOTIONAL = 1_000;

/** A synthetic venue with so many markets that answers at once. Several sessions keep their stops in one market: Binance takes five in each. */
export function sessionsVenue(markets: number): object {
  return {
    id: VENUE,
    protocol: 'binance-spot',
    feed: { kind: 'synthetic', seed: 1 },
    markets: MARKETS.slice(0, markets).map((base) => ({
      symbol: `${base}/USDT`,
      tick: '0.01',
      lot: '0.00001',
      minNotional: '5',
    })),
    latencyMs: 0,
    balances: { USDT: '100000000' },
    limits: { openOrders: 1_000, openStopOrders: 1_000 },
  };
}

/** Hundred sessions are started, read and stopped over the API within a minute. */
export const SETTINGS: Readonly<Record<string, string>> = { TRADEWIND_API_REQUESTS_PER_MINUTE: '10000000' };

/** What a session is there for: some trade every few bars, the others decide at each bar too and seldom trade. */
export type Temper = 'trading' | 'watching';

/** The temper of session `k`, from 0: those that trade come first and are spread over all markets. */
export function temperOf(k: number, trading: number): Temper {
  return k < trading ? 'trading' : 'watching';
}

/** What the API is asked to start as session `k`, from 0. */
export function sessionBody(
  k: number,
  timeframe: Timeframe,
  trading: number,
  markets: readonly ChaosMarket[],
): Readonly<Record<string, unknown>> {
  const market = markets[k % markets.length]!;
  const temper = temperOf(k, trading);
  return {
    name: `${temper} ${k}`,
    venue: VENUE,
    symbols: [market.symbol],
    timeframe,
    // Averages of different lengths, so that those of one market do not all cross at once.
    strategy: {
      id: 'sma-cross',
      params:
        temper === 'trading' ? { fast: 2, slow: 5, stopLoss: 0.001 } : { fast: 20 + (k % 7), slow: 40 + (k % 11) },
    },
    sizing: { kind: 'units', value: Number(quantityOf(NOTIONAL, market)) },
    capital: CAPITAL,
    // Late or not, each bar is decided: lateness is what is measured.
    catchUp: 'replay',
  };
}

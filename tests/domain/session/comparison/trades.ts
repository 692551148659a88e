import type { Trade } from '../../../../domain/backtest/trade.ts';
import type { ComparedTrade, TradeSide } from '../../../../domain/session/comparison/compared-trade.ts';
import type { SentOrder } from '../../../../domain/session/comparison/session-trades.ts';

const BAR_MS = 60_000;

/** Opening time of the nth bar of a minute. */
export const bar = (n: number): number => n * BAR_MS;

export const side = (at: number, price: string, reference = price): TradeSide => ({ bar: bar(at), price, reference });

/** A trade of one unit from bar 1 to bar 3 that was decided at bar 0. */
export const compared = (given: Partial<ComparedTrade> = {}): ComparedTrade => ({
  symbol: 'BTC/USDT',
  decidedAt: bar(0),
  units: '1',
  entry: side(1, '100'),
  exit: side(3, '110'),
  isOpen: false,
  fees: '0',
  ...given,
});

/** A row of books or engine. */
export const row = (given: Partial<Trade> = {}): Trade => ({
  symbol: 'BTC/USDT',
  size: 1,
  entryBar: 1,
  exitBar: 3,
  entryTime: bar(1),
  exitTime: bar(3),
  entryPrice: 100,
  exitPrice: 110,
  sl: null,
  tp: null,
  pnl: 10,
  commission: 0,
  returnRatio: 0.1,
  mae: 0,
  mfe: 0,
  exitReason: 'signal',
  tag: null,
  entryValues: {},
  ...given,
});

export const sent = (order: number, given: Partial<SentOrder> = {}): SentOrder => ({
  order,
  version: 1,
  kind: 'marketable',
  limit: null,
  stop: null,
  bar: bar(0),
  mid: null,
  filled: '1',
  ...given,
});

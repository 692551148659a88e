import type { Trade } from '../../../domain/backtest/trade.ts';

/** One unit bought at 100 and sold at 101.5, a bar later, for a fee of 0.25. */
export const TRADE: Trade = {
  symbol: 'X',
  size: 1,
  entryBar: 3,
  exitBar: 4,
  entryTime: 180_000,
  exitTime: 240_000,
  entryPrice: 100,
  exitPrice: 101.5,
  sl: null,
  tp: 110,
  pnl: 1.25,
  commission: 0.25,
  returnRatio: 0.0125,
  mae: 0.5,
  mfe: 2,
  exitReason: 'signal',
  tag: null,
  entryValues: { SMA_2: 99.5 },
};

import type { ExecutionPlan } from '../../../domain/execution/plan.ts';
import type { Instrument } from '../../../domain/market/instrument.ts';

/** 2024-08-08T23:50:00Z. */
export const START = Date.UTC(2024, 7, 8, 23, 50, 0);

export const btc: Instrument = {
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  lot: '0.00001',
  minQuantity: '0.00001',
  maxQuantity: '9000',
  minNotional: '5',
};

/** Buys 5 BTC over 300 s in 20 slices: one of 0.25 BTC every 15 s. */
export const goodPlan: ExecutionPlan = {
  executionId: 'e1',
  algo: 'twap',
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '5',
  lot: '0.00001',
  startAt: START,
  endAt: START + 300_000,
  limit: null,
  params: { slices: 20, catchUpFactor: 2, aggressionBps: 10 },
};

/** A plan with other values; `params` are merged. */
export function planOf(given: Partial<ExecutionPlan>): ExecutionPlan {
  return { ...goodPlan, ...given, params: { ...goodPlan.params, ...given.params } };
}

import type { ExecutionPlan } from '../../../../domain/execution/plan.ts';
import { planOf, START } from '../good-plan.ts';

/** Sells 0.5 BTC by one order within 30 s; `params` are merged. */
export function singleOf(given: Partial<ExecutionPlan> = {}): ExecutionPlan {
  return {
    ...planOf({}),
    algo: 'single',
    side: 'sell',
    quantity: '0.5',
    endAt: START + 30_000,
    ...given,
    params: { kind: 'marketable', aggressionBps: 50, stopSlippageBps: 50, reduceOnly: 0, ...given.params },
  };
}

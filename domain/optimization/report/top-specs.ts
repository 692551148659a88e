import type { BacktestSpec } from '../../backtest/spec/spec.ts';
import type { OptimizationResult } from '../result.ts';
import type { OptimizationSpec } from '../spec.ts';

/**
 * The backtests of a search's best combinations, in order, to look at them side by side. They begin at the bar at which all combinations did,
 * so their figures are those of the search.
 */
export function topSpecs(
  { backtest }: Pick<OptimizationSpec, 'backtest'>,
  { top, span }: Pick<OptimizationResult, 'top' | 'span'>,
  count: number,
): readonly BacktestSpec[] {
  const { strategy } = backtest;
  if ('orders' in strategy) throw new RangeError('orders have no parameters to search');
  return top.slice(0, count).map(({ params }) => ({
    ...backtest,
    from: span.from,
    strategy: { ...strategy, params: { ...strategy.params, ...params } },
  }));
}

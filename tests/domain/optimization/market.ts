import { type SyntheticCandlesOptions, syntheticCandles } from '../../../domain/market/synthetic-candles.ts';
import type { OptimizationInput, PreparedOptimization } from '../../../domain/optimization/evaluation/optimization.ts';
import { planOptimization } from '../../../domain/optimization/evaluation/plan.ts';
import { prepareOptimization } from '../../../domain/optimization/evaluation/prepare.ts';
import { parseOptimizationSpec } from '../../../domain/optimization/parse-spec.ts';
import type { OptimizationSpec } from '../../../domain/optimization/spec.ts';
import { strategies, strategyOf } from '../../../domain/strategies/registry.ts';

/** A spec with these fields; `data` needs no file here. */
export function specOf(own: Readonly<Record<string, unknown>> = {}): OptimizationSpec {
  const parsed = parseOptimizationSpec(documentOf(own), strategies);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

/** The document of a small search for the windows of two moving averages. */
export function documentOf(own: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    data: { datasetId: 'any' },
    strategy: { id: 'sma-cross' },
    space: { fast: { min: 4, max: 20, step: 4 }, slow: { min: 10, max: 60, step: 10 } },
    ...own,
  };
}

/** A search on a synthetic market, ready to run. */
export function inputOf(
  own: Readonly<Record<string, unknown>> = {},
  market: Partial<SyntheticCandlesOptions> = {},
): OptimizationInput {
  const spec = specOf(own);
  const { strategy } = spec.backtest;
  const id = 'id' in strategy ? strategy.id : '';
  const candles = syntheticCandles({ seed: 7, bars: 24 * 60, timeframe: '1h', volatility: 0.01, ...market });
  return { markets: [candles], strategy: strategyOf(id), spec, periodsPerYear: 365 };
}

export function prepared(input: OptimizationInput): PreparedOptimization {
  const planned = planOptimization(input);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  return prepareOptimization(input, planned.plan);
}

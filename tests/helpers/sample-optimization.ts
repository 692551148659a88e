import type { Candles } from '../../domain/market/candles.ts';
import { syntheticCandles } from '../../domain/market/synthetic-candles.ts';
import { parseOptimizationSpec } from '../../domain/optimization/parse-spec.ts';
import {
  optimizationReport,
  type OptimizationReport,
  type OptimizationReportInput,
} from '../../domain/optimization/report/optimization-report.ts';
import { search } from '../../domain/optimization/search.ts';
import { NO_SPREAD } from '../../domain/optimization/statistics/pooled-spread.ts';
import { strategies, strategyOf } from '../../domain/strategies/registry.ts';

const hourly = syntheticCandles({ seed: 5, bars: 24 * 90, timeframe: '1h', volatility: 0.008 });

/** A whole search, run here and now, as its report. `own` are fields of its spec. */
export function sampleOptimization(
  own: Readonly<Record<string, unknown>> = {},
  candles: Candles = hourly,
): OptimizationReport {
  return optimizationReport(sampleSearch(own, candles));
}

/** The same, as what its report is made of. */
export function sampleSearch(
  own: Readonly<Record<string, unknown>> = {},
  candles: Candles = hourly,
  earlierTrials = 250,
): OptimizationReportInput {
  const document = {
    data: { datasetId: 'sample' },
    strategy: { id: 'sma-cross' },
    space: { fast: { min: 4, max: 24, step: 2 }, slow: { min: 10, max: 80, step: 10 } },
    constraints: ['fast < slow'],
    ...own,
  };
  const parsed = parseOptimizationSpec(document, strategies);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { spec } = parsed;
  const { strategy } = spec.backtest;
  if (!('id' in strategy)) throw new Error('the sample is of a named strategy');
  const input = { markets: [candles], strategy: strategyOf(strategy.id), spec, periodsPerYear: 365 };
  const found = search(input, { earlierTrials: { jobs: 1, trials: earlierTrials, spread: NO_SPREAD } });
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  const { symbol, timeframe } = candles;
  return { result: found.result, spec, symbols: [symbol], timeframe, manifest: { spec, seed: spec.seed } };
}

import type { Candles } from '../../domain/market/candles.ts';
import { syntheticCandles } from '../../domain/market/synthetic-candles.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import { concludeOptimization } from '../../domain/optimization/conclude.ts';
import { evaluateRange } from '../../domain/optimization/evaluation/evaluate-range.ts';
import { planOptimization } from '../../domain/optimization/evaluation/plan.ts';
import { prepareOptimization } from '../../domain/optimization/evaluation/prepare.ts';
import { parseOptimizationSpec } from '../../domain/optimization/parse-spec.ts';
import {
  optimizationReport,
  type OptimizationReport,
  type OptimizationReportInput,
} from '../../domain/optimization/report/optimization-report.ts';
import { rankTrials } from '../../domain/optimization/trials/ranking.ts';
import { TrialTable } from '../../domain/optimization/trials/trial-table.ts';
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
  const planned = planOptimization(input);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  const { plan } = planned;
  const prepared = prepareOptimization(input, plan);
  const width = prepared.columns.length;
  const [indices, rows] = [new Float64Array(plan.total), new Float64Array(plan.total * width)];
  const count = evaluateRange(prepared, 0, plan.positions, { indices, rows });
  const table = new TrialTable(prepared);
  table.add(indices, rows, count);
  const ranking = rankTrials(table);
  const wanted = new Set(ranking.rowIndices);
  const kept = [...indices].flatMap((index, k) =>
    wanted.has(index) ? [...rows.subarray(k * width, (k + 1) * width)] : [],
  );
  const result = concludeOptimization(prepared, ranking, { rows: Float64Array.from(kept), earlierTrials });
  const { span } = plan;
  return {
    result,
    spec,
    symbols: [candles.symbol],
    timeframe: candles.timeframe,
    firstBar: new Date(prepared.times[span.from]!).toISOString(),
    lastBar: new Date(prepared.times[span.to - 1]! + timeframeMs(candles.timeframe)).toISOString(),
    bars: span.to - span.from,
    manifest: { spec, seed: spec.seed },
  };
}

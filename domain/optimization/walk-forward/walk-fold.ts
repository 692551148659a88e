import type { Metrics } from '../../backtest/metrics/metric.ts';
import { summarise } from '../../backtest/metrics/summarise.ts';
import type { BacktestRun } from '../../backtest/run.ts';
import { isoOf } from '../../market/candle-checks.ts';
import { timeframeMs } from '../../market/timeframe.ts';
import { runOn } from '../evaluation/event-row.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import type { Fold } from '../folds.ts';
import type { FoldResult } from '../result.ts';
import { type Earned, efficiencyOf } from './efficiency.ts';

/** A fold with the runs of its choice; `null` when nothing was chosen. */
export interface WalkedFold {
  readonly train: BacktestRun | null;
  readonly test: BacktestRun | null;
  readonly result: FoldResult;
}

/** Metrics that a fold shows. */
const FOLD_METRICS = [
  'n',
  'totalReturn',
  'annualReturn',
  'sharpeRatio',
  'sortinoRatio',
  'maxDrawdown',
  'trades',
  'winRate',
  'profitFactor',
  'exposureRatio',
  'commission',
] as const;

/** Runs what a fold has chosen where it was chosen and where it is tried, each from flat. */
export function walkFold(
  prepared: PreparedOptimization,
  fold: Fold,
  index: number | null,
  trainScore: number | null,
): WalkedFold {
  const [train, test] = [fold.train, fold.test].map((range) => (index === null ? null : runOn(prepared, index, range)));
  const { metrics: trainMetrics } = metricsOf(prepared, train!);
  const { metrics: testMetrics, reasons: testReasons } = metricsOf(prepared, test!);
  return {
    train: train!,
    test: test!,
    result: {
      ...fold,
      trainFrom: stamp(prepared, fold.train.from),
      trainTo: stamp(prepared, fold.train.to),
      testFrom: stamp(prepared, fold.test.from),
      testTo: stamp(prepared, fold.test.to),
      index,
      params: index === null ? null : prepared.paramsAt(index),
      trainScore,
      trainMetrics,
      testMetrics,
      testReasons,
      ...efficiencyOf(earnedBy(testMetrics), earnedBy(trainMetrics), prepared.periodsPerYear),
    },
  };
}

/** All metrics of a run, beside a benchmark's closes at its bars where there are some. */
export function summaryOf(
  { input }: PreparedOptimization,
  run: BacktestRun,
  benchmark: Float64Array | null = null,
): Metrics {
  return summarise(run, {
    periodsPerYear: input.periodsPerYear,
    riskFreeRate: input.spec.backtest.riskFreeRate,
    ...(input.days === undefined ? {} : { days: input.days }),
    ...(benchmark === null ? {} : { benchmark }),
  });
}

function earnedBy(metrics: FoldResult['testMetrics']): Earned | null {
  return metrics === null ? null : { annualReturn: metrics['annualReturn'] ?? null, returns: metrics['n'] ?? 0 };
}

/** Metrics of a fold's part, `null` when nothing was chosen, and why those that are `null` are. */
function metricsOf(
  prepared: PreparedOptimization,
  run: BacktestRun | null,
): { readonly metrics: FoldResult['testMetrics']; readonly reasons: FoldResult['testReasons'] } {
  if (run === null) return { metrics: null, reasons: {} };
  const { values, reasons } = summaryOf(prepared, run);
  return {
    metrics: Object.fromEntries(FOLD_METRICS.map((name) => [name, values[name] ?? null])),
    reasons: Object.fromEntries(FOLD_METRICS.filter((name) => name in reasons).map((name) => [name, reasons[name]!])),
  };
}

/** Open time of a bar, or where the last one closes. */
export function stamp({ times, input }: PreparedOptimization, bar: number): string {
  return isoOf(times[bar] ?? times.at(-1)! + timeframeMs(input.markets[0]!.timeframe));
}

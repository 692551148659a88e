import { BAR_METRICS } from './bar-metrics.ts';
import { BENCHMARK_METRICS } from './benchmark-metrics.ts';
import { DRAWDOWN_METRICS, DRAWDOWN_TIME_METRICS } from './drawdown-metrics.ts';
import type { Metric } from './metric.ts';
import { CALMAR, RETURN_METRICS } from './return-metrics.ts';
import { RUN_METRICS } from './run-metrics.ts';
import { SUMMARY_METRICS } from './summarise.ts';
import { TRADE_METRICS } from './trade-metrics.ts';

/** What a metric is, without how it is computed: for tables, tooltips and documents. */
export type MetricInfo = Pick<Metric<never>, 'name' | 'unit' | 'definition'>;

/** Every metric by family, in the order of `docs/metrics.md`. */
export const METRIC_FAMILIES: readonly { readonly title: string; readonly metrics: readonly MetricInfo[] }[] = [
  { title: 'The run', metrics: RUN_METRICS },
  { title: 'Returns', metrics: [...RETURN_METRICS, CALMAR] },
  { title: 'Drawdowns', metrics: [...DRAWDOWN_METRICS, ...DRAWDOWN_TIME_METRICS, ...SUMMARY_METRICS] },
  { title: 'Single bars', metrics: BAR_METRICS },
  { title: 'Benchmark', metrics: BENCHMARK_METRICS },
  { title: 'Trades', metrics: TRADE_METRICS },
];

/** Every metric. */
export const ALL_METRICS: readonly MetricInfo[] = METRIC_FAMILIES.flatMap(({ metrics }) => metrics);

import { daysOfBars, daysOfOpens, type MarketDays, UTC_DAYS } from '../../market/market-days.ts';
import { timeframeMs } from '../../market/timeframe.ts';
import type { BacktestRun } from '../run.ts';
import { BAR_METRICS, barReturns } from './bar-metrics.ts';
import { BENCHMARK_METRICS, benchmarked } from './benchmark-metrics.ts';
import { dailyEquity, returnsOf } from './daily-returns.ts';
import { type DrawdownScan, maxDrawdownOf, scanDrawdowns } from './drawdown.ts';
import { DRAWDOWN_METRICS, DRAWDOWN_TIME_METRICS } from './drawdown-metrics.ts';
import type { Undefined } from './figure.ts';
import { computeMetrics, joinMetrics, type Metric, type Metrics, undefinedMetrics } from './metric.ts';
import { CALMAR, RETURN_METRICS } from './return-metrics.ts';
import { type Annualisation, describeReturns, type ReturnSeries } from './return-series.ts';
import { RUN_METRICS } from './run-metrics.ts';
import { TRADE_METRICS } from './trade-metrics.ts';
import { totalTrades } from './trade-totals.ts';

/** `periodsPerYear` counts days, or bars where a bar is longer than a day: `yearOfBars` says how many those are. */
export interface SummaryOptions extends Annualisation {
  /** Price or equity of a benchmark at the close of each bar of the run: buy and hold is the closes themselves. */
  readonly benchmark?: Float64Array;
  /** How time is cut into days; UTC days by default. */
  readonly days?: MarketDays;
}

/** The metrics of a run, and what the annual ones are computed from. */
export interface RunSummary extends Metrics {
  /** Returns are those of days; of bars where a bar is longer than a day. */
  readonly period: 'day' | 'bar';
  readonly periodsPerYear: number;
  readonly riskFreeRate: number;
}

const DAY_MS = 86_400_000;

/** The equity of days that metrics are computed from, and its largest fall. */
const DAILY_DRAWDOWN: Metric<Float64Array> = {
  name: 'dailyMaxDrawdown',
  unit: 'ratio',
  definition: '`maxDrawdown` of the equity at the ends of days: what a fall within a day does not show in',
  compute: (equity) => maxDrawdownOf(equity),
};

/** What only a run has, and no series of returns: for the list of all metrics. */
export const SUMMARY_METRICS = [DAILY_DRAWDOWN] as const;

/**
 * All metrics of a run. Annual figures are of daily returns, drawdowns of the closes of all bars, figures of trades of closed trades.
 * One pass over the bars for each family and no sorting but of daily returns. Throws a `RangeError` where an option cannot be used.
 */
export function summarise(run: BacktestRun, options: SummaryOptions): RunSummary {
  const { benchmark } = options;
  if (benchmark !== undefined && benchmark.length !== run.equity.length) {
    throw new RangeError(
      `the benchmark has ${benchmark.length} values, the run ${run.equity.length} bars: give one for each`,
    );
  }
  const bar = timeframeMs(run.timeframe);
  const period = bar > DAY_MS ? 'bar' : 'day';
  const { periodsPerYear, riskFreeRate = 0 } = options;
  const annualisation = { periodsPerYear, riskFreeRate };

  const days = daysOfOpens(daysOfBars(options.days ?? UTC_DAYS, run.timeframe), bar);
  const sample = (values: Float64Array, start: number): Float64Array =>
    period === 'bar' ? fromStart(values, start) : dailyEquity(values, run.times, start, days).equity;
  const equity = sample(run.equity, run.initialCash);
  const drawdowns = scanDrawdowns(run.equity, { start: run.initialCash, times: run.times });
  const returns = describe(returnsOf(equity), annualisation);
  return {
    period,
    periodsPerYear,
    riskFreeRate,
    ...joinMetrics(
      computeMetrics(RUN_METRICS, { run, drawdowns, riskFreeRate }),
      ofReturns(returns, drawdowns),
      computeMetrics(DRAWDOWN_METRICS, drawdowns),
      computeMetrics(DRAWDOWN_TIME_METRICS, drawdowns),
      computeMetrics(SUMMARY_METRICS, equity),
      ofBars(run, annualisation, equity.length - 1, days),
      computeMetrics(TRADE_METRICS, totalTrades(run.trades)),
      ...(benchmark === undefined ? [] : [ofBenchmark(returns, sample(benchmark, benchmark[0] ?? 1), annualisation)]),
    ),
  };
}

/** The values at the closes with what was there before the first. */
function fromStart(values: Float64Array, start: number): Float64Array {
  const copy = values.length === 0 ? new Float64Array(1) : values.slice();
  copy[0] = start;
  return copy;
}

function describe(returns: Float64Array | Undefined, annualisation: Annualisation): ReturnSeries | Undefined {
  return returns instanceof Float64Array ? describeReturns(returns, annualisation) : returns;
}

function ofReturns(series: ReturnSeries | Undefined, drawdowns: DrawdownScan): Metrics {
  if ('reason' in series) {
    return joinMetrics(undefinedMetrics(RETURN_METRICS, series.reason), undefinedMetrics([CALMAR], series.reason));
  }
  return joinMetrics(
    computeMetrics(RETURN_METRICS, series),
    computeMetrics([CALMAR], { series, maxDrawdown: drawdowns.deepest?.depth ?? 0 }),
  );
}

function ofBars(
  run: BacktestRun,
  { periodsPerYear, ...rest }: Annualisation,
  periods: number,
  { isAlwaysOpen }: MarketDays,
): Metrics {
  if (periods === 0) return undefinedMetrics(BAR_METRICS, 'it needs at least 1 return, there are 0');
  // First and last day may be parts of days: only a market with sessions, whose days have no fixed length, is counted by what is there.
  const perPeriod = Math.max(1, DAY_MS / timeframeMs(run.timeframe));
  const barsPerYear = periodsPerYear * (isAlwaysOpen ? perPeriod : (run.equity.length - 1) / periods);
  const bars = barReturns(run.equity, run.initialCash, { ...rest, periodsPerYear: barsPerYear });
  return 'reason' in bars ? undefinedMetrics(BAR_METRICS, bars.reason) : computeMetrics(BAR_METRICS, bars);
}

function ofBenchmark(series: ReturnSeries | Undefined, values: Float64Array, annualisation: Annualisation): Metrics {
  if ('reason' in series) return undefinedMetrics(BENCHMARK_METRICS, series.reason);
  const benchmark = describe(returnsOf(values), annualisation);
  if ('reason' in benchmark) return undefinedMetrics(BENCHMARK_METRICS, `of the benchmark, ${benchmark.reason}`);
  return computeMetrics(BENCHMARK_METRICS, benchmarked(series, benchmark));
}

import { type Candles, sliceCandles } from '../../market/candles.ts';
import { timeframeMs } from '../../market/timeframe.ts';
import { findStrategy } from '../../strategies/registry.ts';
import { buyAndHold } from '../analysis/compare-with-benchmark.ts';
import type { Metrics } from '../metrics/metric.ts';
import { summarise, type SummaryOptions } from '../metrics/summarise.ts';
import { TRADE_METRICS } from '../metrics/trade-metrics.ts';
import type { BacktestResult } from '../result.ts';
import type { BacktestRun } from '../run.ts';
import { strategyName, type StrategyChoice } from '../spec/spec.ts';
import { type BenchmarkInput, reportData, type ReportData } from './report-data.ts';

export interface RunReportInput {
  readonly result: BacktestResult;
  readonly run: BacktestRun;
  /** How the metrics of the run were computed. */
  readonly summary: SummaryOptions;
  readonly markets: readonly Candles[];
  /** Closes of the benchmark at the run's bars; `null` for none. */
  readonly benchmark: Float64Array | null;
}

/** `"SMA crossover (fast 10, slow 50)"`: parameters that are 0 switch something off and are not named. */
function nameOf(choice: StrategyChoice): string {
  const title = 'id' in choice ? (findStrategy(choice.id)?.title ?? choice.id) : strategyName(choice);
  if ('orders' in choice) return title;
  const shown = Object.entries(choice.params).filter(([, value]) => value !== 0);
  return shown.length === 0 ? title : `${title} (${shown.map(([name, value]) => `${name} ${value}`).join(', ')})`;
}

/** Holding the first symbol, as a run that never traded: what it has no figures of stays undefined. */
function benchmarkLine({ run, summary, benchmark }: RunReportInput): BenchmarkInput | null {
  if (benchmark === null) return null;
  const equity = buyAndHold(benchmark, run.initialCash);
  const held: BacktestRun = {
    ...run,
    equity,
    trades: [],
    openTrades: [],
    exposureBars: run.times.length,
    commission: 0,
    orders: { submitted: 0, filled: 0, cancelled: 0, refused: 0 },
  };
  const metrics = withoutDealing(summarise(held, summary));
  return {
    name: `Holding ${run.symbols[0]!}, without costs`,
    times: run.times,
    equity,
    initialCash: run.initialCash,
    metrics,
  };
}

/** Figures of orders and trades, which a yardstick has not. */
const DEALING: ReadonlySet<string> = new Set([
  ...TRADE_METRICS.map(({ name }) => name),
  'openTrades',
  'openPnl',
  'commission',
  'ordersSubmitted',
  'ordersRefused',
]);
const NO_DEALING = 'the benchmark is held from the first bar to the last, without orders and costs';

/** Undefined instead of 0: it is in the market all the time and has traded nothing. */
function withoutDealing({ values, reasons }: Metrics): Metrics {
  const dealing = Object.keys(values).filter((name) => DEALING.has(name));
  return {
    values: { ...values, ...Object.fromEntries(dealing.map((name) => [name, null])) },
    reasons: { ...reasons, ...Object.fromEntries(dealing.map((name) => [name, NO_DEALING])) },
  };
}

/** The bars that were traded. */
function traded(candles: Candles, { times, timeframe }: BacktestRun): Candles {
  const [first, last] = [times[0] ?? 0, (times.at(-1) ?? 0) + timeframeMs(timeframe)];
  let from = 0;
  while (from < candles.length && candles.time[from]! < first) from += 1;
  let to = candles.length;
  while (to > from && candles.time[to - 1]! >= last) to -= 1;
  return sliceCandles(candles, from, to);
}

/** The document of one run's report. The same run gives the same document. */
export function runReport(input: RunReportInput): ReportData {
  const { result, run, markets } = input;
  const { spec } = result.manifest;
  const { metrics: values, reasons, notes, manifest, tradesHash } = result;
  const one = {
    name: nameOf(spec.strategy),
    run,
    metrics: { values, reasons },
    findings: result.analysis,
    markets: markets.map((candles) => traded(candles, run)),
    manifest: { tradesHash, ...manifest },
    notes,
  };
  return reportData(one, benchmarkLine(input));
}

import { dailyEquity } from '../../backtest/metrics/daily-returns.ts';
import { maxDrawdownOf } from '../../backtest/metrics/drawdown.ts';
import { NO_DISPERSION } from '../../backtest/metrics/moments.ts';
import { totalTrades } from '../../backtest/metrics/trade-totals.ts';
import { runBacktest } from '../../backtest/engine/run-backtest.ts';
import { BacktestFailure, failure } from '../../backtest/failure.ts';
import { kernelRefusal } from '../../backtest/kernel/kernel-refusal.ts';
import { RETURN_BLOCKS } from '../../backtest/kernel/market-tables.ts';
import { METRIC_COLUMNS, type MetricColumn } from '../../backtest/kernel/metrics-row.ts';
import { runSignals } from '../../backtest/kernel/run-signals.ts';
import type { BacktestRun } from '../../backtest/run.ts';
import type { ExitReason } from '../../backtest/trade.ts';
import { daysOfBars, type MarketDays, UTC_DAYS } from '../../market/market-days.ts';
import { timeframeMs } from '../../market/timeframe.ts';
import type { BarRange } from '../folds.ts';
import type { OptimizationInput, PreparedOptimization } from './optimization.ts';

/**
 * Runs one combination on part of the bars, with all its trades: in the signal kernel where it can, else in the event engine. It starts flat
 * at the first of them; earlier bars are its warm-up. Throws `BacktestFailure` with the parameters when the strategy fails.
 */
export function runOn(prepared: PreparedOptimization, index: number, { from, to }: BarRange): BacktestRun {
  const { input, times } = prepared;
  const { broker, sizing } = input.spec.backtest;
  const params = prepared.paramsAt(index);
  const rules = prepared.whole.grid === null ? undefined : input.strategy.rules?.(params);
  const run = rules !== undefined && kernelRefusal(broker, sizing, rules) === null ? runSignals : runBacktest;
  try {
    return run({
      markets: input.markets,
      strategy: input.strategy,
      params,
      broker,
      sizing,
      from: times[from]!,
      ...(to < times.length ? { to: times[to]! } : {}),
    });
  } catch (error) {
    if (!(error instanceof BacktestFailure)) throw error;
    const { code, detail, errors, place } = error.problem;
    throw failure(code, `${detail} (combination ${index}: ${JSON.stringify(params)})`, errors, place);
  }
}

/** Returns of a run's days; 0 after its equity has fallen to 0 or below. */
export function returnsOfDays(run: BacktestRun, days: MarketDays = UTC_DAYS): Float64Array {
  const barMs = timeframeMs(run.timeframe);
  const closes = run.times.map((time) => time + barMs);
  const { equity } = dailyEquity(run.equity, closes, run.initialCash, daysOfBars(days, run.timeframe));
  const returns = new Float64Array(Math.max(0, equity.length - 1));
  for (let d = 0; d < returns.length; d++) returns[d] = equity[d]! > 0 ? equity[d + 1]! / equity[d]! - 1 : 0;
  return returns;
}

/** Writes the metrics row of a run as the signal kernel would: the same columns by the same definitions. */
export function writeRunRow(
  run: BacktestRun,
  { periodsPerYear, days }: Pick<OptimizationInput, 'periodsPerYear' | 'days'>,
  withBlocks: boolean,
  rows: Float64Array,
  offset: number,
): void {
  const returns = returnsOfDays(run, days);
  const row = metricsOf(run, returns, periodsPerYear);
  METRIC_COLUMNS.forEach((column, at) => {
    rows[offset + at] = row[column];
  });
  if (withBlocks) writeBlocks(returns, rows, offset + METRIC_COLUMNS.length);
}

const FORCED: ReadonlySet<ExitReason> = new Set(['stop-loss', 'take-profit', 'trailing-stop', 'end-of-data', 'ruin']);

interface Sums {
  sum: number;
  squares: number;
  cubes: number;
  fourths: number;
  downside: number;
}

function sumsOf(returns: Float64Array): Sums {
  const sums: Sums = { sum: 0, squares: 0, cubes: 0, fourths: 0, downside: 0 };
  for (const r of returns) {
    const square = r * r;
    sums.sum += r;
    sums.squares += square;
    sums.cubes += square * r;
    sums.fourths += square * square;
    if (r < 0) sums.downside += square;
  }
  return sums;
}

function metricsOf(
  run: BacktestRun,
  returns: Float64Array,
  periodsPerYear: number,
): Readonly<Record<MetricColumn, number>> {
  const n = returns.length;
  const { sum, squares, cubes, fourths, downside } = sumsOf(returns);
  const trades = totalTrades(run.trades);
  const equity = run.equity.at(-1) ?? run.initialCash;
  const growth = equity / run.initialCash;
  const mean = sum / n;
  const deviation = Math.sqrt(Math.max(0, (squares - sum * mean) / (n - 1)));
  const root = Math.sqrt(periodsPerYear);
  const hasReturns = n >= 2 && !run.ruined;
  const defined = (holds: boolean, value: number): number => (holds ? value : Number.NaN);
  return {
    totalReturn: growth - 1,
    finalEquity: equity,
    annualReturn: defined(n >= 1 && equity >= 0, growth ** (periodsPerYear / n) - 1),
    sharpeRatio: defined(hasReturns && deviation > NO_DISPERSION, (mean / deviation) * root),
    sortinoRatio: defined(hasReturns && downside > 0, (mean * root) / Math.sqrt(downside / n)),
    annualVolatility: defined(hasReturns, deviation * root),
    maxDrawdown: maxDrawdownOf(withStart(run)),
    trades: trades.count,
    openTrade: run.openTrades.length > 0 ? 1 : 0,
    wins: trades.wins,
    grossProfit: trades.grossProfit,
    grossLoss: trades.grossLoss,
    profitFactor: defined(trades.grossLoss > 0, trades.grossProfit / trades.grossLoss),
    winRate: defined(trades.count > 0, trades.wins / trades.count),
    exposureBars: run.exposureBars,
    commission: run.commission,
    openPnl: run.openTrades.reduce((total, { pnl }) => total + pnl, 0),
    fills: fillsOf(run),
    ruined: run.ruined ? 1 : 0,
    returns: n,
    sumReturns: sum,
    sumSquares: squares,
    sumCubes: cubes,
    sumFourths: fourths,
    sumDownsideSquares: downside,
  };
}

/** Fills of orders, and of the exits that a trade brings with it or that the end of the run forces. */
function fillsOf({ orders, trades }: BacktestRun): number {
  return orders.filled + trades.filter(({ exitReason }) => FORCED.has(exitReason)).length;
}

/** Equity at the closes after what was there before the first. */
function withStart({ equity, initialCash }: BacktestRun): Float64Array {
  const values = new Float64Array(equity.length + 1);
  values[0] = initialCash;
  values.set(equity, 1);
  return values;
}

/** Sum, sum of squares and count of each of the equal parts of the returns. */
function writeBlocks(returns: Float64Array, rows: Float64Array, offset: number): void {
  let at = 0;
  for (let b = 0; b < RETURN_BLOCKS; b++) {
    const end = Math.floor(((b + 1) * returns.length) / RETURN_BLOCKS);
    const start = at;
    let [sum, squares] = [0, 0];
    for (; at < end; at++) {
      sum += returns[at]!;
      squares += returns[at]! ** 2;
    }
    rows[offset + 3 * b] = sum;
    rows[offset + 3 * b + 1] = squares;
    rows[offset + 3 * b + 2] = end - start;
  }
}

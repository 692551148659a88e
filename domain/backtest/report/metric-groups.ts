import { BENCHMARK_METRICS } from '../metrics/benchmark-metrics.ts';
import { BAR_METRICS } from '../metrics/bar-metrics.ts';
import { DRAWDOWN_METRICS, DRAWDOWN_TIME_METRICS } from '../metrics/drawdown-metrics.ts';
import type { Unit } from '../metrics/metric.ts';
import { CALMAR, RETURN_METRICS } from '../metrics/return-metrics.ts';
import { RUN_METRICS } from '../metrics/run-metrics.ts';
import { SUMMARY_METRICS } from '../metrics/summarise.ts';
import { TRADE_METRICS } from '../metrics/trade-metrics.ts';

/** How the page writes a number. */
export type Format = 'percent' | 'percentValue' | 'money' | 'ratio' | 'count' | 'duration' | 'time' | 'price' | 'size';

export interface MetricRow {
  readonly name: string;
  readonly title: string;
  readonly format: Format;
  /** What it is, as `docs/metrics.md` has it. */
  readonly definition: string;
}

export interface MetricGroup {
  readonly title: string;
  readonly rows: readonly MetricRow[];
}

const FORMATS: Readonly<Record<Unit, Format>> = {
  ratio: 'percent',
  'ratio/year': 'percent',
  number: 'ratio',
  percent: 'percentValue',
  count: 'count',
  bars: 'count',
  ms: 'duration',
  time: 'time',
  days: 'count',
  money: 'money',
};

/** Where the words of a name do not make a title. */
const TITLES: Readonly<Record<string, string>> = {
  n: 'Returns measured',
  cagr: 'CAGR (calendar)',
  annualReturn: 'Annual return (count of returns)',
  cumReturnsFinal: 'Cumulative return',
  var5: 'VaR 5 % (historical)',
  cvar5: 'CVaR 5 %',
  sqn: 'SQN',
  sqn100: 'SQN (at most 100 trades)',
  srPerPeriodDdof1: 'Sharpe ratio of one period',
  skewUnbiased: 'Skewness',
  excessKurtosisUnbiased: 'Excess kurtosis',
  psrVs0RawKurtosisCorrect: 'Probability that the true Sharpe is above 0',
  dailyMaxDrawdown: 'Max drawdown of daily ends',
  ulcerIndexPctRmsN: 'Ulcer index',
  maxDrawdownMs: 'Longest drawdown, time',
  maxDrawdownBars: 'Longest drawdown, bars',
  positiveReturnRatio: 'Share of positive returns',
  elapsedMs: 'Elapsed time',
  openPnl: 'Open profit',
  exposureRatio: 'Time in the market',
  expectancyRatio: 'Mean return of a trade',
  expectancyR: 'Expectancy in average losses',
  kelly: 'Kelly share',
  avgWinRatio: 'Average return of a win',
  avgLossRatio: 'Average return of a loss',
  bestTradeRatio: 'Best return of a trade',
  worstTradeRatio: 'Worst return of a trade',
  geometricTradeRatio: 'Geometric mean return of a trade',
  avgMaeRatio: 'Average worst excursion (MAE)',
  avgMfeRatio: 'Average best excursion (MFE)',
  closedCommission: 'Commission of closed trades',
  perBarPeriodsPerYear: 'Bars in a year',
  perBarMeanReturn: 'Mean return of a bar',
  perBarStandardDeviation: 'Standard deviation of a bar',
  perBarAnnualVolatility: 'Annual volatility by bars',
  perBarSharpeRatio: 'Sharpe ratio by bars',
  perBarSortinoRatio: 'Sortino ratio by bars',
};

/** Names and abbreviations inside titles. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bmae\b/, 'MAE'],
  [/\bmfe\b/, 'MFE'],
  [/\bsharpe\b/, 'Sharpe'],
  [/\bsortino\b/, 'Sortino'],
  [/\bavg\b/i, 'Average'],
  // The unit shows in the value.
  [/ ms$/, ', time'],
  [/ bars$/, ', bars'],
];

/** `"maxDrawdownBars"` as `"Max drawdown, bars"`. */
export function titleOf(name: string): string {
  const given = TITLES[name];
  if (given !== undefined) return given;
  const spaced = name.replaceAll(/([a-z])([A-Z])/g, (_both, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  const words = WORDS.reduce((text, [pattern, word]) => text.replace(pattern, word), spaced);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Other names of figures that are in the table already. */
const SYNONYMS: ReadonlySet<string> = new Set(['maxDrawdownInclStart']);

type Listed = { readonly name: string; readonly unit: Unit; readonly definition: string };

const groupOf = (title: string, metrics: readonly Listed[]): MetricGroup => ({
  title,
  rows: metrics
    .filter(({ name }) => !SYNONYMS.has(name))
    .map(({ name, unit, definition }) => ({ name, title: titleOf(name), format: FORMATS[unit], definition })),
});

/** All metrics of a run in the order in which people read them. */
export const METRIC_GROUPS: readonly MetricGroup[] = [
  groupOf('Result', RUN_METRICS),
  groupOf('Returns', [...RETURN_METRICS, CALMAR]),
  groupOf('Drawdown', [...DRAWDOWN_METRICS, ...DRAWDOWN_TIME_METRICS, ...SUMMARY_METRICS]),
  groupOf('Trades', TRADE_METRICS),
  groupOf('Against the benchmark', BENCHMARK_METRICS),
  groupOf('Of single bars, not of days', BAR_METRICS),
];

import { breakdown, type Dimension } from '../analysis/breakdown.ts';
import { confidenceIntervals } from '../analysis/confidence-intervals.ts';
import type { IntervalMethod } from '../analysis/interval.ts';
import { type MonteCarloResult, simulateReturns, simulateTrades } from '../analysis/monte-carlo.ts';
import { monthlyReturns, type YearReturns } from '../analysis/monthly-returns.ts';
import { dailyEquity, returnsOf } from '../metrics/daily-returns.ts';
import type { Undefined } from '../metrics/figure.ts';
import type { Annualisation } from '../metrics/return-series.ts';
import { daysOfBars, type MarketDays, UTC_DAYS } from '../../market/market-days.ts';
import { timeframeMs } from '../../market/timeframe.ts';
import type { BacktestRun } from '../run.ts';
import { type Format, titleOf } from './metric-groups.ts';

export interface Interval {
  readonly name: string;
  readonly title: string;
  readonly format: Format;
  readonly method: IntervalMethod;
  /** Confidence level, e.g. 0.95. */
  readonly level: number;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** A small table of titles and numbers. */
export interface Facts {
  readonly title: string;
  readonly rows: readonly { readonly title: string; readonly value: number; readonly format: Format }[];
}

export interface Breakdown {
  readonly dimension: Dimension;
  readonly title: string;
  readonly rows: ReturnType<typeof breakdown>;
}

/** What the analysis of a run adds to its metrics. Plain JSON; the same run and seed give the same bits. */
export interface Findings {
  readonly years: readonly YearReturns[];
  readonly breakdowns: readonly Breakdown[];
  readonly intervals: readonly Interval[];
  readonly monteCarlo: readonly Facts[];
  /** Why an interval or a simulation is missing. */
  readonly reasons: Readonly<Record<string, string>>;
}

export interface FindingsOptions extends Annualisation {
  readonly seed: number;
  /** How time is cut into days, as for the metrics; UTC days by default. */
  readonly days?: MarketDays;
}

const LEVEL = 0.9;

const BREAKDOWNS: readonly (readonly [dimension: Dimension, title: string])[] = [
  ['symbol', 'By symbol'],
  ['side', 'By side'],
  ['exitReason', 'By exit reason'],
  ['tag', 'By tag of the entry'],
  ['weekday', 'By weekday of entry (UTC)'],
  ['month', 'By month of entry (UTC)'],
  // Longest, so last.
  ['hour', 'By hour of entry (UTC)'],
];

const INTERVAL_FORMATS: Readonly<Record<string, Format>> = {
  sharpeRatio: 'ratio',
  meanReturn: 'percent',
  maxDrawdown: 'percent',
  profitFactor: 'ratio',
  expectancyRatio: 'percent',
};

/** Where the name of what an interval is of needs more than its words. */
const INTERVAL_TITLES: Readonly<Record<string, string>> = {
  meanReturn: 'Mean return of a day',
  // Of returns of days: the one of the run sees every bar, and is the deeper one.
  maxDrawdown: 'Max drawdown of daily ends',
};

/** More tags than this name single trades, not kinds of them. */
const MOST_TAGS = 100;

/** Bootstrap draws for intervals, and paths for simulations: fewer for very many values, such that the analysis costs less than the run. */
const drawsFor = (values: number): number =>
  Math.min(2_000, Math.max(100, Math.floor(5_000_000 / Math.max(1, values))));

function factsOf(
  title: string,
  { paths, finalEquity, maxDrawdown, ...odds }: MonteCarloResult,
  fixedEnd: boolean,
): Facts {
  const ends = [
    { title: 'final equity, 5 % worst', value: finalEquity.p5, format: 'money' },
    { title: 'final equity, median', value: finalEquity.p50, format: 'money' },
    { title: 'final equity, 5 % best', value: finalEquity.p95, format: 'money' },
    { title: 'ends with a loss', value: odds.probabilityOfLoss, format: 'percent' },
  ] as const;
  return {
    title: `${title} (${paths.toLocaleString('en-US')} paths)`,
    rows: [
      ...(fixedEnd ? [] : ends),
      { title: 'max drawdown, median', value: maxDrawdown.p50, format: 'percent' },
      { title: 'max drawdown, 5 % worst', value: maxDrawdown.p95, format: 'percent' },
      { title: 'loses everything', value: odds.probabilityOfRuin, format: 'percent' },
    ],
  };
}

/** Everything that is found out about a run beyond its metrics: months, breakdowns, how sure the figures are, other ways it could have gone. */
export function findingsOf(run: BacktestRun, options: FindingsOptions): Findings {
  const { trades, equity, initialCash, times, timeframe } = run;
  const closeTimes = times.map((open) => open + timeframeMs(timeframe));
  const days = daysOfBars(options.days ?? UTC_DAYS, timeframe);
  const daily = returnsOf(dailyEquity(equity, closeTimes, initialCash, days).equity);
  const returns = daily instanceof Float64Array ? daily : new Float64Array();
  const tradePnl = new Float64Array(trades.length);
  const tradeReturns = new Float64Array(trades.length);
  for (let i = 0; i < trades.length; i++) {
    tradePnl[i] = trades[i]!.pnl;
    tradeReturns[i] = trades[i]!.returnRatio;
  }

  const { intervals, reasons } = confidenceIntervals({
    returns,
    tradePnl,
    tradeReturns,
    level: LEVEL,
    resamples: drawsFor,
    ...options,
  });
  const pathsOf = (values: number) => ({ seed: options.seed, paths: drawsFor(values), start: initialCash });
  const simulations: readonly (readonly [title: string, result: MonteCarloResult | Undefined, fixedEnd: boolean])[] = [
    ['Days drawn anew in blocks', simulateReturns(returns, { kind: 'stationary' }, pathsOf(returns.length)), false],
    ['Trades in another order', simulateTrades(tradePnl, 'shuffle', pathsOf(tradePnl.length)), true],
  ];
  const tags = new Set(trades.map(({ tag }) => tag)).size;
  return {
    years: monthlyReturns(equity, closeTimes, initialCash, days),
    breakdowns: BREAKDOWNS.filter(([dimension]) => dimension !== 'tag' || (tags > 1 && tags <= MOST_TAGS)).map(
      ([dimension, title]) => ({ dimension, title, rows: breakdown(trades, dimension) }),
    ),
    intervals: Object.entries(intervals).flatMap(([name, interval]) =>
      interval === null
        ? []
        : [
            {
              name,
              title: INTERVAL_TITLES[name] ?? titleOf(name),
              format: INTERVAL_FORMATS[name] ?? 'ratio',
              ...interval,
            },
          ],
    ),
    monteCarlo: simulations.flatMap(([title, result, fixedEnd]) =>
      'reason' in result ? [] : [factsOf(title, result, fixedEnd)],
    ),
    reasons: {
      ...reasons,
      ...(tags > MOST_TAGS
        ? { 'breakdown by tag': `trades have ${tags} tags, ${MOST_TAGS} at most are told apart` }
        : {}),
      ...Object.fromEntries(
        simulations.flatMap(([title, result]) => ('reason' in result ? [[title, result.reason]] : [])),
      ),
    },
  };
}

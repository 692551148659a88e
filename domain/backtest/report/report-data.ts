import { type DrawdownRow, drawdownTable } from '../analysis/drawdown-table.ts';
import type { Candles } from '../../market/candles.ts';
import type { Metrics } from '../metrics/metric.ts';
import type { BacktestRun } from '../run.ts';
import { isObject } from '../spec/fields.ts';
import type { Trade } from '../trade.ts';
import type { Findings } from './findings.ts';
import { type Format, METRIC_GROUPS, type MetricGroup } from './metric-groups.ts';
import { type CandleColumns, thinCandles } from './thin-candles.ts';
import { thinSeries, type ThinnedSeries } from './thin-series.ts';

/** Points of a line, candles and trades that one report holds at most: it opens at once also for ten million bars. */
const MOST_POINTS = 2_000;
const MOST_CANDLES = 15_000;
const MOST_TRADES = 5_000;

/** One run, as its report is made of it. */
export interface ReportInput {
  /** What tells it from the others, e.g. `SMA cross 10/50`. */
  readonly name: string;
  readonly run: BacktestRun;
  readonly metrics: Metrics;
  readonly findings: Findings;
  /** The bars of each symbol, cut to those that were traded. */
  readonly markets: readonly Candles[];
  readonly manifest: unknown;
  /** What a reader should know before believing the numbers. */
  readonly notes: readonly string[];
}

/** A line to compare with: its equity at the closes of the first run's bars. */
export interface BenchmarkInput {
  readonly name: string;
  readonly times: Float64Array;
  readonly equity: Float64Array;
  readonly initialCash: number;
  readonly metrics: Metrics;
}

interface ReportLine {
  readonly name: string;
  readonly initialCash: number;
  readonly equity: ThinnedSeries;
  /** Distance below the highest equity so far, as a positive ratio of it. */
  readonly underwater: ThinnedSeries;
  readonly metrics: Metrics['values'];
  readonly reasons: Metrics['reasons'];
}

export interface ReportRun extends ReportLine, Findings {
  /** Symbols, period, bars and capital in one line. */
  readonly about: string;
  /** What a reader should know before believing the numbers. */
  readonly notes: readonly string[];
  readonly timeframe: string;
  readonly candles: readonly CandleColumns[];
  readonly trades: readonly Trade[];
  readonly tradeCount: number;
  /** Still open at the end, marked at the last close. */
  readonly openTrades: readonly Trade[];
  readonly drawdowns: readonly DrawdownRow[];
  readonly manifest: unknown;
}

const KIND = 'tradewind-backtest-report';
/** Rises when a page of today can no longer show a document of yesterday. */
const VERSION = 1;

/** The document in a report's page: plain JSON, the same for the same runs. */
export interface ReportData {
  readonly kind: typeof KIND;
  readonly version: typeof VERSION;
  readonly title: string;
  readonly subtitle: string;
  /** About the comparison, not about a single run. */
  readonly notes: readonly string[];
  readonly tiles: readonly {
    readonly title: string;
    readonly name: string;
    readonly format: Format;
    readonly coloured: boolean;
  }[];
  readonly metricGroups: readonly MetricGroup[];
  readonly runs: readonly ReportRun[];
  readonly benchmark: ReportLine | null;
}

/** Whether a document is one that the page of today can show. */
export function isReportData(document: unknown): document is ReportData {
  return isObject(document) && document['kind'] === KIND && document['version'] === VERSION;
}

const TILES: ReportData['tiles'] = [
  { title: 'total return', name: 'totalReturn', format: 'percent', coloured: true },
  { title: 'CAGR', name: 'cagr', format: 'percent', coloured: true },
  { title: 'Sharpe ratio', name: 'sharpeRatio', format: 'ratio', coloured: true },
  { title: 'max drawdown', name: 'maxDrawdown', format: 'percent', coloured: false },
  { title: 'closed trades', name: 'trades', format: 'count', coloured: false },
  { title: 'won', name: 'winRate', format: 'percent', coloured: false },
  { title: 'profit factor', name: 'profitFactor', format: 'ratio', coloured: false },
  { title: 'time in the market', name: 'exposureRatio', format: 'percent', coloured: false },
];

/** Distance of each value below the highest so far (the start included), as a ratio of that. */
function underwaterOf(equity: Float64Array, start: number): Float64Array {
  const below = new Float64Array(equity.length);
  let peak = start;
  for (let i = 0; i < equity.length; i++) {
    if (equity[i]! > peak) peak = equity[i]!;
    below[i] = 1 - equity[i]! / peak;
  }
  return below;
}

interface Line {
  readonly name: string;
  readonly times: Float64Array;
  readonly equity: Float64Array;
  readonly initialCash: number;
  readonly metrics: Metrics;
}

function lineOf({ name, times, equity, initialCash, metrics }: Line): ReportLine {
  return {
    name,
    initialCash,
    equity: thinSeries({ times, values: equity }, MOST_POINTS),
    underwater: thinSeries({ times, values: underwaterOf(equity, initialCash) }, MOST_POINTS),
    metrics: metrics.values,
    reasons: metrics.reasons,
  };
}

function reportRun({ name, run, metrics, findings, markets, manifest, notes }: ReportInput): ReportRun {
  const { times, equity, initialCash, timeframe, trades } = run;
  return {
    ...lineOf({ name, times, equity, initialCash, metrics }),
    ...findings,
    about: aboutOf(run),
    notes,
    timeframe,
    candles: markets.map((candles) => thinCandles(candles, MOST_CANDLES)),
    trades: trades.slice(0, MOST_TRADES),
    tradeCount: trades.length,
    openTrades: run.openTrades,
    drawdowns: drawdownTable(equity, times, { start: initialCash }),
    manifest,
  };
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function aboutOf(run: BacktestRun): string {
  const { symbols, timeframe, times, warmUpBars, initialCash } = run;
  const bars = times.length.toLocaleString('en-US');
  const span =
    times.length === 0 ? 'no bars' : `${dayOf(times[0]!)} to ${dayOf(times.at(-1)!)}, ${bars} bars of ${timeframe}`;
  return `${symbols.join(', ')} · ${span} after ${warmUpBars} of warm-up · capital ${initialCash.toLocaleString('en-US')}`;
}

/** What the report of one run shows. Pictures are thinned without losing an extreme. To compare runs, join their documents. */
export function reportData(input: ReportInput, benchmark: BenchmarkInput | null): ReportData {
  return {
    kind: KIND,
    version: VERSION,
    title: input.name,
    subtitle: aboutOf(input.run),
    notes: [],
    tiles: TILES,
    metricGroups: METRIC_GROUPS,
    runs: [reportRun(input)],
    benchmark: benchmark === null ? null : lineOf(benchmark),
  };
}

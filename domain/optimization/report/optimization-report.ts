import { type Format, METRIC_GROUPS, type MetricGroup, titleOf } from '../../backtest/report/metric-groups.ts';
import { strategyName } from '../../backtest/spec/spec.ts';
import { findStrategy } from '../../strategies/registry.ts';
import type { OptimizationResult, PlateauAgainstPeak } from '../result.ts';
import type { AxisSpec } from '../space/axis.ts';
import type { ObjectiveSpec, OptimizationSpec } from '../spec.ts';
import { completeReasons } from './complete-reasons.ts';
import { chosenCell, cellOf } from './landscape.ts';
import { type FactGroup, factGroups } from './fact-groups.ts';
import { type VerdictPart, verdictParts } from './verdict-parts.ts';

/** What a report of a search is made of. */
export interface OptimizationReportInput {
  readonly result: OptimizationResult;
  readonly spec: OptimizationSpec;
  readonly symbols: readonly string[];
  readonly timeframe: string;
  /** All that the result depends on. */
  readonly manifest: unknown;
}

/** One parameter of the search. */
export interface ReportAxis {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Of the chosen combination. */
  readonly chosen: number | null;
  /** Its cell in the parameter's slice. */
  readonly cell: number | null;
}

export interface ReportColumn {
  readonly name: string;
  readonly title: string;
  readonly format: Format;
}

/** Metrics of one line of trades, in the table of all metrics. */
export interface ReportMetrics {
  readonly title: string;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly reasons: Readonly<Record<string, string>>;
}

/** The document in the page of a search: plain JSON, the same for the same result. */
export interface OptimizationReport {
  readonly kind: 'tradewind-optimization-report';
  readonly title: string;
  readonly subtitle: string;
  readonly objective: string;
  readonly verdict: readonly VerdictPart[];
  readonly facts: readonly FactGroup[];
  readonly axes: readonly ReportAxis[];
  /** For each heat map the column and row of the chosen combination. */
  readonly chosenCells: readonly (readonly [x: number, y: number] | null)[];
  readonly landscape: PlateauAgainstPeak | null;
  /** Whether the search ranked by neighbourhoods. */
  readonly ranksByPlateau: boolean;
  /** Metrics that tables of combinations show. */
  readonly columns: readonly ReportColumn[];
  readonly metricGroups: readonly MetricGroup[];
  readonly metrics: readonly ReportMetrics[];
  /** Annual Sharpe ratios to mark in the picture of all: of the best, and the best expected of so many worthless trials. */
  readonly sharpeMarks: { readonly best: number | null; readonly expectedBest: number | null };
  readonly result: OptimizationResult;
  readonly manifest: unknown;
}

/** Metrics of the tables of combinations, where a row has them. */
const COLUMNS = [
  'totalReturn',
  'annualReturn',
  'sharpeRatio',
  'sortinoRatio',
  'maxDrawdown',
  'trades',
  'winRate',
  'profitFactor',
];

/** Shorter than where each metric stands beside the others. */
const TITLES: Readonly<Record<string, string>> = { annualReturn: 'Annual return' };

/** The document of a search's report. */
export function optimizationReport(input: OptimizationReportInput): OptimizationReport {
  const { spec, manifest } = input;
  const result = { ...input.result, reasons: completeReasons(input.result) };
  const { best, pictures } = result;
  const choice = spec.backtest.strategy;
  const strategy = 'id' in choice ? (findStrategy(choice.id)?.title ?? choice.id) : strategyName(choice);
  return {
    kind: 'tradewind-optimization-report',
    title: `${strategy}: ${result.tried.toLocaleString('en-US')} combinations of ${listed(Object.keys(spec.space))}`,
    subtitle: subtitleOf(input),
    objective: objectiveText(spec.objective),
    verdict: verdictParts(result),
    facts: factGroups(result),
    axes: Object.entries(spec.space).map(([name, axis]) => axisOf(name, axis, result)),
    chosenCells: pictures.heatMaps.map((map) => chosenCell(map, spec.space, best)),
    // Results that were stored by earlier versions have none.
    landscape: pictures.peak ?? null,
    ranksByPlateau: spec.objective.plateau !== null,
    columns: columnsOf(result),
    metricGroups: METRIC_GROUPS,
    metrics: metricsOf(result),
    sharpeMarks: sharpeMarks(result),
    result,
    manifest,
  };
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;

function subtitleOf({ result, spec, symbols, timeframe }: OptimizationReportInput): string {
  const { from, to, bars } = result.span;
  const period = `${from.slice(0, 10)} to ${to.slice(0, 10)}, ${bars.toLocaleString('en-US')} bars of ${timeframe}`;
  return `${symbols.join(', ')} · ${period} · capital ${spec.backtest.broker.cash.toLocaleString('en-US')}`;
}

/** `"Sharpe ratio; at least 30 closed trades"`. */
export function objectiveText({ weights, combine, normalise, minTrades, plateau }: ObjectiveSpec): string {
  const names = Object.entries(weights);
  const term = ([name, weight]: readonly [string, number]): string => {
    if (weight === 1) return titleOf(name);
    return combine === 'product' ? `${titleOf(name)} ^ ${weight}` : `${weight} × ${titleOf(name)}`;
  };
  const how: Readonly<Record<ObjectiveSpec['normalise'], string>> = {
    none: '',
    zscore: ', each less its mean over its deviation',
    rank: ', each as its rank',
  };
  const text = `${names.map(term).join(combine === 'product' ? ' × ' : ' + ')}${how[normalise]}`;
  const whose =
    plateau === null
      ? ''
      : plateau.aggregate === 'median'
        ? ', the median of the neighbourhood'
        : `, the mean of the neighbourhood less ${plateau.k} deviations`;
  return `${text}${whose}${minTrades > 0 ? `; at least ${minTrades} closed trades` : ''}`;
}

function axisOf(name: string, axis: AxisSpec, { best, pictures }: OptimizationResult): ReportAxis {
  const [min, max] = 'values' in axis ? [Math.min(...axis.values), Math.max(...axis.values)] : [axis.min, axis.max];
  const chosen = best?.params[name] ?? null;
  const slice = pictures.slices.find((each) => each.name === name);
  return {
    name,
    min,
    max,
    chosen,
    cell: chosen === null || slice === undefined ? null : cellOf(axis, slice.values.length, chosen),
  };
}

function columnsOf({ top }: OptimizationResult): readonly ReportColumn[] {
  const formats = new Map(METRIC_GROUPS.flatMap(({ rows }) => rows.map((row) => [row.name, row.format] as const)));
  return COLUMNS.filter((name) => top.some(({ metrics }) => name in metrics)).map((name) => ({
    name,
    title: TITLES[name] ?? titleOf(name),
    format: formats.get(name) ?? 'ratio',
  }));
}

function metricsOf({ best, walkForward, reasons }: OptimizationResult): readonly ReportMetrics[] {
  const under = (prefix: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(reasons)
        .filter(([path]) => path.startsWith(prefix))
        .map(([path, reason]) => [path.slice(prefix.length), reason]),
    );
  return [
    ...(best === null ? [] : [{ title: 'in sample', metrics: best.metrics, reasons: under('best.metrics.') }]),
    ...(walkForward === null
      ? []
      : [{ title: 'walk-forward', metrics: walkForward.metrics, reasons: walkForward.reasons }]),
  ];
}

function sharpeMarks({ sharpe }: OptimizationResult): OptimizationReport['sharpeMarks'] {
  if (sharpe === null) return { best: null, expectedBest: null };
  // The one is of a day, the other annual: their quotient is the root of the days in a year.
  const annual = sharpe.sharpe === 0 ? null : sharpe.sharpeRatio / sharpe.sharpe;
  return {
    best: sharpe.sharpeRatio,
    expectedBest: sharpe.expectedBest === null || annual === null ? null : sharpe.expectedBest * annual,
  };
}

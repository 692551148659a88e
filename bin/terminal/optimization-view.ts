import type { OptimizationStatus } from '../../domain/optimization/job/commands.ts';
import type { OptimizationProblem } from '../../domain/optimization/job/problem.ts';
import { listOf, tableOf } from './output.ts';

/** A combination, as the API shows it. */
export interface TrialView {
  readonly index: number;
  readonly score: number | null;
  readonly params: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** One row of the results, as the API shows it. */
export interface ResultView extends TrialView {
  readonly position: number;
  readonly rank: number | null;
}

/** An optimisation in a list, as the API shows it. */
export interface OptimizationSummary {
  readonly id: string;
  readonly workflowId: string;
  readonly status: OptimizationStatus;
  readonly strategy: string;
  readonly symbol: string;
  readonly priority: number;
  readonly total: number;
  readonly done: number;
  readonly tried: number;
  readonly rate: number | null;
  readonly etaMs: number | null;
  readonly psr: number | null;
  readonly dsr: number | null;
  readonly pbo: number | null;
  readonly believable: boolean;
  readonly sentence: string;
  readonly problem: OptimizationProblem | null;
  readonly createdAt: string;
}

/** One optimisation as the API shows it. */
export interface OptimizationView extends OptimizationSummary {
  readonly best: TrialView | null;
  readonly reasons: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** What is printed as a document: how far it is, what is best, and what that is worth. */
export function shownOptimization(view: OptimizationView) {
  const { id, workflowId, status, total, done, tried, rate, etaMs, best, psr, dsr, pbo, believable, sentence } = view;
  const { reasons, notes, problem } = view;
  return {
    id,
    workflowId,
    status,
    total,
    done,
    tried,
    rate,
    etaMs,
    best,
    psr,
    dsr,
    pbo,
    believable,
    sentence,
    reasons,
    notes,
    problem,
  };
}

const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
const digits = (value: number | null | undefined, places: number): string | null =>
  value === null || value === undefined ? null : value.toFixed(places);
const percent = (value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : `${(value * 100).toFixed(2)} %`;

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

/** "running: 4,000 of 10,000 combinations (40 %), 588/s, 10 s left". */
export function progressLine({ status, done, total, rate, etaMs }: OptimizationSummary): string {
  const share = `${grouped(done)} of ${grouped(total)} combinations (${Math.floor((done / total) * 100)} %)`;
  if (status === 'running' && done === total) return `${status}: ${share}, being judged`;
  const pace = rate === null ? '' : `, ${rate < 10 ? rate.toFixed(1) : grouped(rate)}/s`;
  const left = etaMs === null ? '' : `, ${duration(etaMs)} left`;
  return `${status}: ${share}${pace}${left}`;
}

const paramsText = (params: Readonly<Record<string, number>>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** One optimisation for people: the verdict first, since the best of many is not what it looks like. */
export function readableOptimization(view: OptimizationView): string {
  const { best, problem, reasons } = view;
  const why = (name: string, value: string | null): string => value ?? `– (${reasons[name] ?? 'not judged yet'})`;
  return [
    `${view.sentence}\n\n`,
    listOf([
      ['optimisation', view.id],
      ['progress', progressLine(view)],
      ['strategy', `${view.strategy} on ${view.symbol}`],
      ['best', best === null ? null : paramsText(best.params)],
      ['score', best === null ? null : digits(best.score, 4)],
      ['total return', percent(best?.metrics['totalReturn'])],
      ['Sharpe ratio', digits(best?.metrics['sharpeRatio'], 3)],
      ['max drawdown', percent(best?.metrics['maxDrawdown'])],
      ['trades', digits(best?.metrics['trades'], 0)],
      ['PSR', why('psr', digits(view.psr, 4))],
      ['deflated Sharpe', why('dsr', digits(view.dsr, 4))],
      ['PBO', why('pbo', digits(view.pbo, 4))],
      ['believable', view.believable ? 'yes' : 'no'],
      ['problem', problem === null ? null : `${problem.code}: ${problem.detail}`],
    ]),
    ...view.notes.map((note) => `note: ${note}\n`),
  ].join('');
}

export function optimizationTable(items: readonly OptimizationSummary[]): string {
  return tableOf(
    ['id', 'status', 'strategy', 'symbols', 'done', 'DSR', 'PBO', 'believable', 'created'],
    items.map((each) => [
      each.id,
      each.status,
      each.strategy,
      each.symbol,
      `${grouped(each.done)} of ${grouped(each.total)}`,
      digits(each.dsr, 3),
      digits(each.pbo, 3),
      each.status === 'completed' ? (each.believable ? 'yes' : 'no') : null,
      each.createdAt,
    ]),
  );
}

export function resultTable(items: readonly ResultView[]): string {
  const names = Object.keys(items[0]?.params ?? {});
  return tableOf(
    ['rank', ...names, 'score', 'return', 'Sharpe', 'max drawdown', 'trades'],
    items.map(({ rank, params, score, metrics }) => [
      rank,
      ...names.map((name) => params[name]),
      digits(score, 4),
      percent(metrics['totalReturn']),
      digits(metrics['sharpeRatio'], 3),
      percent(metrics['maxDrawdown']),
      metrics['trades'],
    ]),
  );
}

import { METRIC_COLUMNS } from '../../backtest/kernel/metrics-row.ts';
import { closesAt } from '../../market/closes-at.ts';
import { returnsOfDays, runOn } from '../evaluation/event-row.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import type { TrialSummary } from '../result.ts';
import { summaryOf } from '../walk-forward/walk-fold.ts';
import type { Ranking } from './ranking.ts';

/** The best that a result names. */
const TOP = 20;

/** The best combination, run in full. */
export interface BestTrial {
  readonly summary: TrialSummary;
  /** For each `null` among its metrics why. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Its daily returns. */
  readonly returns: Float64Array;
}

/** Runs the best combination on the whole span; `null` when no combination has a score. */
export function bestTrial(prepared: PreparedOptimization, { best, scores, table }: Ranking): BestTrial | null {
  const [trial] = best;
  if (trial === undefined) return null;
  const index = table.indices[trial]!;
  const run = runOn(prepared, index, prepared.whole);
  const isCompared = prepared.input.spec.backtest.benchmark !== null;
  const { values, reasons } = summaryOf(
    prepared,
    run,
    isCompared ? closesAt(prepared.input.markets[0]!, run.times) : null,
  );
  return {
    summary: { index, params: prepared.paramsAt(index), score: scores[trial]!, metrics: values },
    reasons,
    returns: returnsOfDays(run, prepared.input.days),
  };
}

/** The best combinations in order, with the metrics of their rows. */
export function topTrials(prepared: PreparedOptimization, ranking: Ranking, rows: Float64Array): TrialSummary[] {
  const { best, scores, table, rowIndices } = ranking;
  const width = prepared.columns.length;
  const places = new Map(Array.from(rowIndices, (index, place) => [index, place]));
  return Array.from(best.subarray(0, TOP), (trial) => {
    const index = table.indices[trial]!;
    const at = places.get(index)! * width;
    const metrics = METRIC_COLUMNS.map((name, c): [string, number | null] => {
      const value = rows[at + c]!;
      return [name, Number.isFinite(value) ? value : null];
    });
    return { index, params: prepared.paramsAt(index), score: scores[trial]!, metrics: Object.fromEntries(metrics) };
  });
}

import { concludeOptimization } from './conclude.ts';
import { evaluateRange } from './evaluation/evaluate-range.ts';
import type { OptimizationInput, PreparedOptimization } from './evaluation/optimization.ts';
import { planOptimization } from './evaluation/plan.ts';
import { prepareOptimization } from './evaluation/prepare.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { OptimizationResult } from './result.ts';
import { type EarlierTrials, NO_EARLIER_TRIALS } from './trials/earlier-trials.ts';
import { type Ranking, rankTrials } from './trials/ranking.ts';
import { TrialTable } from './trials/trial-table.ts';

export interface SearchOptions {
  readonly earlierTrials?: EarlierTrials;
  readonly horizonDays?: number;
}

/** A search whose trials are done and ranked. */
export interface Tried {
  readonly prepared: PreparedOptimization;
  readonly ranking: Ranking;
  /** Whole rows that the ranking wants. */
  readonly rows: Float64Array;
}

type Problems = { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Tries all combinations of a search in this thread, its rows in memory: for spaces of up to some hundred thousand combinations. */
export function tryAll(input: OptimizationInput): (Tried & { readonly ok: true }) | Problems {
  const planned = planOptimization(input);
  if (!planned.ok) return planned;
  const { plan } = planned;
  const prepared = prepareOptimization(input, plan);
  const width = prepared.columns.length;
  const indices = new Float64Array(plan.total);
  const all = new Float64Array(plan.total * width);
  const count = evaluateRange(prepared, 0, plan.positions, { indices, rows: all });
  const table = new TrialTable(prepared);
  table.add(indices, all, count);
  const ranking = rankTrials(table);
  const places = new Map(Array.from(indices, (index, place) => [index, place]));
  const rows = new Float64Array(ranking.rowIndices.length * width);
  ranking.rowIndices.forEach((index, k) => {
    const place = places.get(index)!;
    rows.set(all.subarray(place * width, (place + 1) * width), k * width);
  });
  return { ok: true, prepared, ranking, rows };
}

/** A whole search in this thread, judged. The durable job does the same in chunks, and its result has the same bits. */
export function search(
  input: OptimizationInput,
  { earlierTrials = NO_EARLIER_TRIALS, horizonDays }: SearchOptions = {},
): (Tried & { readonly ok: true; readonly result: OptimizationResult }) | Problems {
  const tried = tryAll(input);
  if (!tried.ok) return tried;
  const { prepared, ranking, rows } = tried;
  const options = { rows, earlierTrials, ...(horizonDays === undefined ? {} : { horizonDays }) };
  return { ...tried, result: concludeOptimization(prepared, ranking, options) };
}

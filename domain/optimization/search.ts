import { concludeOptimization } from './conclude.ts';
import { evaluateRange } from './evaluation/evaluate-range.ts';
import type { OptimizationInput, PreparedOptimization } from './evaluation/optimization.ts';
import { planOptimization } from './evaluation/plan.ts';
import { prepareOptimization } from './evaluation/prepare.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { OptimizationResult } from './result.ts';
import { type Ranking, rankTrials } from './trials/ranking.ts';
import { TrialTable } from './trials/trial-table.ts';

export interface SearchOptions {
  readonly earlierTrials?: number;
  readonly horizonDays?: number;
}

export type Searched =
  | {
      readonly ok: true;
      readonly result: OptimizationResult;
      readonly prepared: PreparedOptimization;
      readonly ranking: Ranking;
    }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * A whole search in this thread, its rows in memory: for spaces of up to some hundred thousand combinations. The durable job does the same in
 * chunks, and its result has the same bits.
 */
export function search(input: OptimizationInput, { earlierTrials = 0, horizonDays }: SearchOptions = {}): Searched {
  const planned = planOptimization(input);
  if (!planned.ok) return planned;
  const { plan } = planned;
  const prepared = prepareOptimization(input, plan);
  const width = prepared.columns.length;
  const indices = new Float64Array(plan.total);
  const rows = new Float64Array(plan.total * width);
  const count = evaluateRange(prepared, 0, plan.positions, { indices, rows });
  const table = new TrialTable(prepared);
  table.add(indices, rows, count);
  const ranking = rankTrials(table);
  const places = new Map(Array.from(indices, (index, place) => [index, place]));
  const wanted = new Float64Array(ranking.rowIndices.length * width);
  ranking.rowIndices.forEach((index, k) => {
    const place = places.get(index)!;
    wanted.set(rows.subarray(place * width, (place + 1) * width), k * width);
  });
  const result = concludeOptimization(prepared, ranking, {
    rows: wanted,
    earlierTrials,
    ...(horizonDays === undefined ? {} : { horizonDays }),
  });
  return { ok: true, result, prepared, ranking };
}

import { describe, expect, it } from '@jest/globals';
import { METRIC_COLUMNS } from '../../../../domain/backtest/kernel/metrics-row.ts';
import type { PreparedOptimization } from '../../../../domain/optimization/evaluation/optimization.ts';
import { rankTrials } from '../../../../domain/optimization/trials/ranking.ts';
import { TrialTable } from '../../../../domain/optimization/trials/trial-table.ts';
import { inputOf, prepared } from '../market.ts';

/** A table of made rows: total returns and trades of the whole span, and total returns of each fold. */
function tableOf(
  search: PreparedOptimization,
  rowOf: (index: number) => { readonly total: number; readonly trades?: number; readonly folds?: readonly number[] },
): TrialTable {
  const table = new TrialTable(search);
  const { columns, plan, at } = search;
  for (let position = 0; position < plan.positions; position++) {
    const index = at(position);
    if (index < 0) continue;
    const { total, trades = 10, folds = [] } = rowOf(index);
    const row = new Float64Array(columns.length);
    row[METRIC_COLUMNS.indexOf('totalReturn')] = total;
    row[METRIC_COLUMNS.indexOf('trades')] = trades;
    row[METRIC_COLUMNS.indexOf('sharpeRatio')] = total;
    folds.forEach((value, k) => {
      row[columns.indexOf(`fold${k}_totalReturn`)] = value;
      if (columns.includes(`fold${k}_closedTrades`)) row[columns.indexOf(`fold${k}_closedTrades`)] = trades / 2;
    });
    table.add(Float64Array.of(index), row, 1);
  }
  return table;
}

const small = (own: Readonly<Record<string, unknown>> = {}) =>
  prepared(
    inputOf({
      space: { fast: [2, 3, 4], slow: [10, 12, 14, 16] },
      objective: 'totalReturn',
      walkForward: { folds: 2 },
      ...own,
    }),
  );

describe('ranking trials', () => {
  it('puts the highest score first, of equals the lowest number, and undefined ones not at all', () => {
    const totals = [0.1, 0.5, 0.2, 0.5, Number.NaN, 0.3, -0.1, 0, 0.4, 0.5, 0.05, 0.15];
    const ranking = rankTrials(tableOf(small(), (index) => ({ total: totals[index]! })));
    expect([...ranking.best]).toEqual([1, 3, 9, 8, 5, 2, 11, 0, 10, 7, 6]);
  });

  it('lets each fold choose by its own score', () => {
    const table = tableOf(small(), (index) => ({ total: index, folds: [index === 4 ? 1 : 0, Number.NaN] }));
    expect(rankTrials(table).choices).toEqual([
      { trial: 4, score: 1 },
      { trial: -1, score: Number.NaN },
    ]);
  });

  it('ranks trials with too few trades last: in a part of the data as many fewer as it is shorter', () => {
    const search = small({ objective: { metric: 'totalReturn', minTrades: 10 } });
    // Half of the bars choose in each fold: 5 trades are enough there; trial 11 has 4.5.
    const table = tableOf(search, (index) => ({
      total: index,
      trades: index === 11 ? 9 : index === 10 ? 10 : 20,
      folds: [index, -index],
    }));
    const ranking = rankTrials(table);
    expect(ranking.tooFewTrades).toBe(1);
    expect(ranking.best[0]).toBe(10);
    expect(ranking.choices.map(({ trial }) => trial)).toEqual([10, 0]);
  });

  it('prefers a plateau to a peak where the objective asks for it', () => {
    // Rows of four values of slow: a peak of 9 at number 3, and a plateau of 5 around number 5.
    const totals = [0, 5, 0, 9, 5, 5, 5, 0, 0, 5, 0, 0];
    const rowOf = (index: number) => ({ total: totals[index]!, folds: [totals[index]!, 0] });
    expect(rankTrials(tableOf(small(), rowOf)).best[0]).toBe(3);
    const plateau = rankTrials(tableOf(small({ objective: { metric: 'totalReturn', plateau: true } }), rowOf));
    // The middle of {5 and its four neighbours, all 5} is 5; around the peak lie 9, 0 and 0.
    expect(plateau.scores[5]).toBe(5);
    expect(plateau.scores[3]).toBe(0);
    expect(plateau.table.indices[plateau.best[0]!]).not.toBe(3);
    expect(plateau.choices[0]!.trial).not.toBe(3);
  });

  it('wants all trials for the statistics up to 10,000, beyond a seeded sample of 5,000 and the best 100', () => {
    const wide = (to: number) =>
      small({
        space: { fast: { min: 2, max: 101, step: 1 }, slow: { min: 200, max: to, step: 1 } },
        walkForward: null,
      });
    const few = rankTrials(tableOf(wide(299), (index) => ({ total: index })));
    expect(few.rowIndices).toHaveLength(10_000);
    expect(few.returnIndices.length).toBeLessThanOrEqual(5100);
    const many = tableOf(wide(300), (index) => ({ total: -index }));
    const ranking = rankTrials(many);
    expect(many.count).toBe(10_100);
    const wanted = new Set(ranking.rowIndices);
    expect(wanted.size).toBe(ranking.rowIndices.length);
    // Of the best 100, the numbers below 100, about half are in the sample anyway.
    for (let index = 0; index < 100; index++) expect(wanted.has(index)).toBe(true);
    expect(wanted.size).toBeGreaterThan(5000);
    expect(wanted.size).toBeLessThan(5100);
    expect([...ranking.rowIndices]).toEqual([...ranking.rowIndices].toSorted((a, b) => a - b));
    expect(ranking.returnIndices).toEqual(ranking.rowIndices);
  });

  it('refuses more rows than were planned', () => {
    const search = small();
    const table = tableOf(search, () => ({ total: 0 }));
    expect(() => table.add(Float64Array.of(0), new Float64Array(search.columns.length), 1)).toThrow(
      /13 rows: the plan has 12/,
    );
  });
});

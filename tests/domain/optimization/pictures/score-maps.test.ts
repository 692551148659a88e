import { describe, expect, it } from '@jest/globals';
import { METRIC_COLUMNS } from '../../../../domain/backtest/kernel/metrics-row.ts';
import { heatMapsOf, slicesOf } from '../../../../domain/optimization/pictures/score-maps.ts';
import { type Ranking, rankTrials } from '../../../../domain/optimization/trials/ranking.ts';
import { TrialTable } from '../../../../domain/optimization/trials/trial-table.ts';
import { inputOf, prepared } from '../market.ts';

/** The ranking of trials whose total return is a function of the parameters. */
function rankingOf(
  space: Readonly<Record<string, unknown>>,
  score: (params: Record<string, number>) => number,
  plateau: 'median' | null = null,
): Ranking {
  const objective = { metric: 'totalReturn', plateau };
  const search = prepared(inputOf({ space, objective, walkForward: null }));
  const table = new TrialTable(search);
  for (let position = 0; position < search.plan.positions; position++) {
    const index = search.at(position);
    if (index < 0) continue;
    const row = new Float64Array(search.columns.length);
    row[METRIC_COLUMNS.indexOf('totalReturn')] = score(search.paramsAt(index));
    table.add(Float64Array.of(index), row, 1);
  }
  return rankTrials(table);
}

describe('maps of scores', () => {
  const space = { fast: [2, 3], slow: [10, 20, 30], maxBars: [5, 10] };
  const ranking = rankingOf(space, ({ fast, slow, maxBars }) => 100 * fast! + slow! + maxBars! / 100);

  it('have the best and the middle over all other parameters, for each pair', () => {
    const maps = heatMapsOf(ranking);
    expect(maps.map(({ x, y }) => `${x.name} ${y.name}`)).toEqual(['fast slow', 'fast maxBars', 'slow maxBars']);
    // The best of maxBars 5 and 10 is 10, the middle lies between: 0.075.
    expect(maps[0]!.best).toEqual([
      [210.1, 310.1],
      [220.1, 320.1],
      [230.1, 330.1],
    ]);
    expect(maps[0]!.median[2]![1]).toBeCloseTo(330.075, 12);
    expect(maps.map(({ bestAt }) => bestAt)).toEqual([null, null, null]);
    expect(maps[2]!.best).toEqual([
      [310.05, 320.05, 330.05],
      [310.1, 320.1, 330.1],
    ]);
  });

  it('show trials by their own scores and neighbourhoods beside them, also where the search ranks by neighbourhoods', () => {
    const scores = [0, 9, 2, 3];
    for (const plateau of ['median', null] as const) {
      const peaked = rankingOf({ fast: [2, 3, 4, 5], slow: [10, 20] }, ({ fast }) => scores[fast! - 2]!, plateau);
      const [map] = heatMapsOf(peaked);
      expect(map!.best).toEqual([scores, scores]);
      // The neighbour on the other axis has the same score: middles of (0, 0, 9), (0, 2, 9, 9), (2, 2, 3, 9) and (2, 3, 3).
      expect(map!.plateau[0]).toEqual([0, 5.5, 2.5, 3]);
      const [slice] = slicesOf(peaked);
      expect([slice!.best, slice!.plateau]).toEqual([scores, [0, 5.5, 2.5, 3]]);
    }
  });

  it('have slices over each parameter', () => {
    const [fast, slow] = slicesOf(ranking);
    expect(fast).toMatchObject({ name: 'fast', values: [2, 3], best: [230.1, 330.1], trials: [6, 6] });
    // fast 2 and 3, maxBars 5 and 10: the middle of 210.05, 210.1, 310.05, 310.1.
    expect(slow!.median[0]).toBeCloseTo(260.075, 12);
  });

  it('show no picture of a parameter with one value, and null where nothing was tried or has a score', () => {
    const some = rankingOf({ fast: [2, 15], slow: [10, 20], maxBars: [5] }, ({ slow }) =>
      slow === 20 ? 1 : Number.NaN,
    );
    const maps = heatMapsOf(some);
    expect(maps).toHaveLength(1);
    // fast 15 above slow 10 is refused; slow 10 has no score.
    expect(maps[0]!.best).toEqual([
      [null, null],
      [1, 1],
    ]);
    expect(slicesOf(some).find(({ name }) => name === 'slow')).toMatchObject({ best: [null, 1], trials: [1, 2] });
  });

  it('tell the best of a cell in a slice of many values, the lowest of equals, and of none nothing', () => {
    // 400 values in 200 cells, two each: 2 and 3, 4 and 5, ...; the score is 1 for even values, and undefined above 200.
    const long = rankingOf({ fast: { min: 2, max: 401, step: 1 }, slow: [500] }, ({ fast }) =>
      fast! > 200 ? Number.NaN : fast! < 10 ? 5 : (fast! + 1) % 2,
    );
    const [fast] = slicesOf(long);
    expect(fast!.values.slice(0, 5)).toEqual([2, 4, 6, 8, 10]);
    expect(fast!.bestAt!.slice(0, 5)).toEqual([2, 4, 6, 8, 10]);
    expect(fast!.bestAt!.slice(98, 102)).toEqual([198, 200, null, null]);
    const odd = rankingOf({ fast: { min: 2, max: 401, step: 1 }, slow: [500] }, ({ fast }) => fast! % 2);
    expect(slicesOf(odd)[0]!.bestAt!.slice(0, 3)).toEqual([3, 5, 7]);
  });

  it('put neighbouring values of a long axis into one cell', () => {
    const long = rankingOf({ fast: { min: 2, max: 101, step: 1 }, slow: [200, 300] }, ({ fast }) => fast!);
    const [map] = heatMapsOf(long);
    expect(map!.x.values).toHaveLength(40);
    // 100 values in 40 cells: 2, 3, 2, 3, ...; the best of a cell is its last value.
    expect(map!.x.values.slice(0, 4)).toEqual([2, 5, 7, 10]);
    expect(map!.best[0]!.slice(0, 4)).toEqual([4, 6, 9, 11]);
    expect(map!.best[0]!.at(-1)).toBe(101);
    // Cells are told by the values of their best combination: the last of each cell, where the score rises with `fast`.
    expect(map!.bestAt![0]!.slice(0, 4)).toEqual([4, 6, 9, 11].map((fast) => [fast, 200]));
    // A slice has room for all 100.
    expect(slicesOf(long).map(({ bestAt }) => bestAt)).toEqual([null, null]);
  });
});

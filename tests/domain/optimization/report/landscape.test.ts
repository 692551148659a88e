import { describe, expect, it } from '@jest/globals';
import { cellOf, chosenCell } from '../../../../domain/optimization/report/landscape.ts';
import type { HeatMap, TrialSummary } from '../../../../domain/optimization/result.ts';

const trial = (params: Readonly<Record<string, number>>): TrialSummary => ({ index: 0, params, score: 1, metrics: {} });

// Scores by hand: a lonely 9 at (1, 20) and a broad hill around (3, 10).
const map: HeatMap = {
  x: { name: 'a', values: [1, 2, 3] },
  y: { name: 'b', values: [10, 20] },
  best: [
    [1, 5, 6],
    [9, 4, null],
  ],
  median: [
    [0, 4, 5],
    [2, 3, null],
  ],
  plateau: [
    [1, 4, 5],
    [2, 3, null],
  ],
  bestAt: null,
};

describe('the cell of a value', () => {
  it('is its place where each value has a cell of its own', () => {
    expect(cellOf({ min: 0.1, max: 0.5, step: 0.1 }, 5, 0.3)).toBe(2);
    expect(cellOf({ values: [50, 5, 20] }, 3, 20)).toBe(2);
  });

  it('is that of its stretch where cells hold many', () => {
    // 100 values in 40 cells: value 1 + p lies in cell floor(p * 40 / 100).
    const axis = { min: 1, max: 100, step: 1 };
    expect([1, 3, 4, 100].map((value) => cellOf(axis, 40, value))).toEqual([0, 0, 1, 39]);
  });

  it('is none for a value that the axis has not', () => {
    expect(cellOf({ values: [5, 20] }, 2, 7)).toBeNull();
    expect(cellOf({ min: 1, max: 9, step: 2 }, 5, 30)).toBeNull();
    expect(cellOf({ min: 1, max: 9, step: 2 }, 5, Number.NaN)).toBeNull();
  });
});

describe('the chosen cell of a heat map', () => {
  const space = { a: { min: 1, max: 3, step: 1 }, b: { values: [10, 20] } };

  it('is the column and row of the best combination', () => {
    expect(chosenCell(map, space, trial({ a: 1, b: 20 }))).toEqual([0, 1]);
  });

  it('is none when nothing was chosen', () => {
    expect(chosenCell(map, space, null)).toBeNull();
  });
});

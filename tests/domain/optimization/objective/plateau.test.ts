import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nearestPoints } from '../../../../domain/optimization/objective/nearest-points.ts';
import { gridNeighbours, sampleNeighbours } from '../../../../domain/optimization/objective/neighbours.ts';
import { plateauScores } from '../../../../domain/optimization/objective/plateau.ts';
import { createSearchSpace, type SearchSpace } from '../../../../domain/optimization/space/search-space.ts';

function spaceOf(x: number, y: number): SearchSpace {
  const axis = (count: number) => ({ min: 1, max: count, step: 1 });
  const made = createSearchSpace({ space: { x: axis(x), y: axis(y) }, constraints: [] });
  if (!made.ok) throw new Error('no space');
  return made.space;
}

const listed = ({ most, ordinals }: { most: number; ordinals: Int32Array }, k: number): number[] =>
  [...ordinals.subarray(k * most, (k + 1) * most)].filter((other) => other >= 0);

describe('neighbours', () => {
  it('of a grid are one step up and down on each axis', () => {
    // 3 by 3, y fastest: number 4 is the middle.
    const all = gridNeighbours(
      spaceOf(3, 3),
      Float64Array.from({ length: 9 }, (_, k) => k),
    );
    expect(listed(all, 4)).toEqual([1, 7, 3, 5]);
    expect(listed(all, 0)).toEqual([3, 1]);
    expect(listed(all, 2)).toEqual([5, 1]);
  });

  it('of a grid with exclusions are those that were tried, by their place among the trials', () => {
    // Without numbers 1 and 5 the trials are 0, 2, 3, 4, 6, 7, 8.
    const some = gridNeighbours(spaceOf(3, 3), Float64Array.of(0, 2, 3, 4, 6, 7, 8));
    expect(listed(some, 3)).toEqual([5, 2]);
    expect(listed(some, 1)).toEqual([]);
  });

  it('of a sample are the nearest', () => {
    const space = spaceOf(100, 100);
    const at = (x: number, y: number) => space.indexAt([x, y]);
    const sample = sampleNeighbours(
      space,
      Float64Array.of(at(0, 0), at(1, 1), at(50, 50), at(52, 50), at(0, 3), at(99, 99)),
    );
    expect(listed(sample, 0).slice(0, 2)).toEqual([1, 4]);
    expect(listed(sample, 2)[0]).toBe(3);
  });

  it('are found as by looking at all points', () => {
    const points = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 4 })),
      {
        minLength: 1,
        maxLength: 120,
      },
    );
    fc.assert(
      fc.property(points, (all) => {
        const found = nearestPoints(Float64Array.from(all.flat()), 3, 6);
        const distance = (a: number, b: number): number =>
          all[a]!.reduce((sum, value, d) => sum + (value - all[b]![d]!) ** 2, 0);
        for (const k of all.keys()) {
          const others = [...all.keys()].filter((other) => other !== k).map((other) => distance(k, other));
          const nearest = others.toSorted((a, b) => a - b).slice(0, 6);
          const own = [...found.subarray(k * 6, k * 6 + 6)].filter((other) => other >= 0);
          expect(own.map((other) => distance(k, other))).toEqual(nearest);
          expect(new Set(own).size).toBe(own.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('plateau scores', () => {
  // A row of five: a peak at place 1 and a plateau from place 2 on.
  const line = gridNeighbours(spaceOf(5, 1), Float64Array.of(0, 1, 2, 3, 4));
  const scores = Float64Array.of(0, 9, 5, 6, 5);

  it('by the median prefer the plateau to the peak', () => {
    // Middle of {0, 9}, {9, 0, 5}, {5, 9, 6}, {6, 5, 5}, {5, 6}.
    expect([...plateauScores(scores, line, { aggregate: 'median', k: 0 })]).toEqual([4.5, 5, 6, 5, 5.5]);
  });

  it('by the mean less a deviation as well', () => {
    const plateau = plateauScores(scores, line, { aggregate: 'mean-minus-deviations', k: 1 });
    // {9, 0, 5}: mean 14/3, deviation 4.509; {6, 5, 5}: mean 16/3, deviation 0.577; {5, 6}: 5.5 less 0.707.
    expect(plateau[1]).toBeCloseTo(14 / 3 - 4.509_249_75, 6);
    expect(plateau[3]).toBeCloseTo(16 / 3 - 0.577_350_27, 6);
    expect(plateau[4]).toBeCloseTo(5.5 - Math.SQRT1_2, 12);
  });

  it('leave out neighbours without a score, and stay undefined themselves', () => {
    const holes = Float64Array.of(1, Number.NaN, 3, 5, Number.NaN);
    expect([...plateauScores(holes, line, { aggregate: 'median', k: 0 })]).toEqual([1, Number.NaN, 4, 4, Number.NaN]);
  });
});

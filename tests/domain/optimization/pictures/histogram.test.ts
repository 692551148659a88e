import { describe, expect, it } from '@jest/globals';
import { centredHistogram, histogramOf } from '../../../../domain/optimization/pictures/histogram.ts';

describe('histograms', () => {
  it('count from the lowest to the highest value, and leave out what is not defined', () => {
    const values = Float64Array.of(0, 1, 2, 2.5, 4, Number.NaN);
    // (0, 2] with 0 itself: 0, 1, 2. (2, 4]: 2.5, 4.
    expect(histogramOf(values, 2)).toEqual({ edges: [0, 2, 4], counts: [3, 2] });
  });

  it('show one value in the middle, and nothing of nothing', () => {
    expect(histogramOf(Float64Array.of(3, 3), 2)).toEqual({ edges: [2.5, 3, 3.5], counts: [2, 0] });
    expect(histogramOf(Float64Array.of(Number.NaN), 2)).toBeNull();
  });

  it('have an edge at 0, with 0 itself on the left', () => {
    expect(centredHistogram(Float64Array.of(-2, -1, 0, 0.5, 2), 2)).toEqual({
      edges: [-2, -1, 0, 1, 2],
      counts: [2, 1, 1, 1],
    });
    expect(centredHistogram(Float64Array.of(0, 0), 1).counts).toEqual([2, 0]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { geometricMean, seriesOf } from '../../bench/series.ts';

describe('a series of measurements', () => {
  it('has the middle one as its median, whatever the order', () => {
    expect(seriesOf([5, 1, 9])).toEqual({ median: 5, min: 1, max: 9 });
  });

  it('has the mean of the two in the middle when their number is even', () => {
    expect(seriesOf([4, 1, 2, 100])).toEqual({ median: 3, min: 1, max: 100 });
  });

  it('is refused when nothing was measured', () => {
    expect(() => seriesOf([])).toThrow('at least one run');
  });
});

describe('the geometric mean', () => {
  it('takes twice as fast and half as fast for equally fast', () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1, 15);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { thinSeries } from '../../../../domain/backtest/report/thin-series.ts';

describe('thinning a line for a picture', () => {
  it('leaves a short line as it is', () => {
    expect(thinSeries({ times: [1, 2, 3], values: [5, 4, 6] }, 4)).toEqual({ times: [1, 2, 3], values: [5, 4, 6] });
  });

  it('keeps first, last, and the extremes of each bucket in their order', () => {
    // Six inner points in (6 - 2) / 2 = 2 buckets: 9 1 5 | 3 2 8.
    const thinned = thinSeries({ times: [0, 1, 2, 3, 4, 5, 6, 7], values: [4, 9, 1, 5, 3, 2, 8, 4] }, 6);
    expect(thinned).toEqual({ times: [0, 1, 2, 5, 6, 7], values: [4, 9, 1, 2, 8, 4] });
  });

  it('loses no extreme, adds no point, keeps time rising and the bound', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, fc.integer({ min: 4, max: 60 }), (line, most) => {
        const times = line.map((_value, i) => i * 10);
        const thinned = thinSeries({ times, values: line }, most);
        expect(thinned.values.length).toBeLessThanOrEqual(Math.max(most, 4));
        expect(Math.min(...thinned.values)).toBe(Math.min(...line));
        expect(Math.max(...thinned.values)).toBe(Math.max(...line));
        for (const [k, time] of thinned.times.entries()) {
          expect(thinned.values[k]).toBe(line[time / 10]);
          if (k > 0) expect(time).toBeGreaterThan(thinned.times[k - 1]!);
        }
      }),
    );
  });
});

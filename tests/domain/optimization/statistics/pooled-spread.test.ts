import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  NO_SPREAD,
  pooledSpread,
  scaledSpread,
  spreadOf,
} from '../../../../domain/optimization/statistics/pooled-spread.ts';

describe('the spread of two sets of numbers together', () => {
  it('is that of all: 2, 4, 4, 4, 5, 5, 7, 9 has mean 5 and squares 32', () => {
    const [a, b] = [spreadOf([2, 4, 4]), spreadOf([4, 5, 5, 7, 9])];
    // Means 10/3 and 6, squares 8/3 and 16; between them (8/3)^2 * 3 * 5 / 8 = 40/3: 8/3 + 16 + 40/3 = 32.
    expect(a.squares).toBeCloseTo(8 / 3, 12);
    expect(b.squares).toBeCloseTo(16, 12);
    const both = pooledSpread(a, b);
    expect(both.count).toBe(8);
    expect(both.mean).toBeCloseTo(5, 12);
    expect(both.squares).toBeCloseTo(32, 12);
  });

  it('leaves out what is not finite, and nothing is nothing', () => {
    expect(spreadOf([Number.NaN, 3, Number.POSITIVE_INFINITY])).toEqual({ count: 1, mean: 3, squares: 0 });
    expect(pooledSpread(NO_SPREAD, NO_SPREAD)).toEqual(NO_SPREAD);
    expect(pooledSpread(spreadOf([1, 3]), NO_SPREAD)).toEqual({ count: 2, mean: 2, squares: 2 });
    expect(pooledSpread(NO_SPREAD, spreadOf([1, 3]))).toEqual({ count: 2, mean: 2, squares: 2 });
  });

  it('does not depend on where the numbers are cut, and grows with their square', () => {
    const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.nat(60), (values, cut) => {
        const whole = spreadOf(values);
        const parts = pooledSpread(spreadOf(values.slice(0, cut)), spreadOf(values.slice(cut)));
        expect(parts.count).toBe(whole.count);
        expect(parts.mean).toBeCloseTo(whole.mean, 8);
        expect(Math.abs(parts.squares - whole.squares)).toBeLessThanOrEqual(1e-9 * (1 + whole.squares));
        expect(scaledSpread(whole, 2).squares).toBe(4 * whole.squares);
      }),
    );
  });
});

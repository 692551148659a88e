import { describe, expect, it } from '@jest/globals';
import { sobol } from '../../../../domain/optimization/space/sobol.ts';

/** scipy 1.17, `scipy.stats.qmc.Sobol(d=16, scramble=False).random(32)`, times 32. */
const SCIPY: Readonly<Record<number, readonly number[]>> = {
  0: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  1: [16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16],
  2: [24, 8, 8, 8, 24, 24, 8, 24, 24, 24, 24, 24, 8, 8, 24, 8],
  3: [8, 24, 24, 24, 8, 8, 24, 8, 8, 8, 8, 8, 24, 24, 8, 24],
  4: [12, 12, 20, 28, 12, 4, 12, 28, 28, 20, 28, 12, 12, 20, 12, 28],
  5: [28, 28, 4, 12, 28, 20, 28, 12, 12, 4, 12, 28, 28, 4, 28, 12],
  6: [20, 4, 28, 20, 20, 28, 4, 4, 4, 12, 4, 20, 4, 28, 20, 20],
  7: [4, 20, 12, 4, 4, 12, 20, 20, 20, 28, 20, 4, 20, 12, 4, 4],
  17: [19, 31, 31, 5, 25, 15, 1, 11, 31, 21, 19, 29, 5, 5, 27, 17],
  30: [17, 1, 13, 15, 15, 9, 27, 1, 21, 3, 17, 27, 15, 23, 5, 11],
};

describe('the Sobol sequence', () => {
  it.each(Object.entries(SCIPY))('has the point %s of scipy', (i, expected) => {
    const out = new Float64Array(16);
    sobol(16)(Number(i), out);
    expect(Array.from(out, (value) => value * 32)).toEqual(expected);
  });

  it('puts one point into each of 16 equal intervals of every dimension', () => {
    const point = sobol(16, [0xdeadbeef, 12_345]);
    const seen = Array.from({ length: 16 }, () => new Set<number>());
    const out = new Float64Array(16);
    for (let i = 0; i < 16; i++) {
      point(i, out);
      out.forEach((value, dimension) => seen[dimension]!.add(Math.floor(value * 16)));
    }
    expect(seen.map(({ size }) => size)).toEqual(Array.from({ length: 16 }, () => 16));
  });

  it('refuses more dimensions than its table has', () => {
    expect(() => sobol(17)).toThrow('from 1 to 16 are known');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { permutation } from '../../../../domain/optimization/space/permutation.ts';

describe('a permutation by address', () => {
  it('hits every number below its size exactly once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer(), (size, seed) => {
        const at = permutation(size, seed);
        const hit = new Set(Array.from({ length: size }, (_, i) => at(i)));
        expect(hit.size).toBe(size);
        expect(Math.max(...hit)).toBe(size - 1);
      }),
      { numRuns: 60 },
    );
  });

  it('differs from seed to seed', () => {
    const [one, other] = [permutation(1000, 1), permutation(1000, 2)];
    const same = Array.from({ length: 1000 }, (_, i) => one(i) === other(i)).filter(Boolean);
    // Two random permutations agree in one place on average; 20 would be a chance of about 1e-19.
    expect(same.length).toBeLessThan(20);
  });

  it('spreads a small sample evenly', () => {
    const at = permutation(1_000_000, 7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) counts[Math.floor(at(i) / 100_000)]! += 1;
    // Chi-squared with 9 degrees of freedom: 27.9 is passed by one in a thousand.
    expect(counts.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(27.9);
  });

  it('stays exact far above 32 bits', () => {
    const size = 2 ** 40 + 1;
    const at = permutation(size, 3);
    for (let i = 0; i < 1000; i++) {
      expect(Number.isSafeInteger(at(i))).toBe(true);
      expect(at(i)).toBeLessThan(size);
    }
  });
});

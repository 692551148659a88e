import { describe, expect, it } from '@jest/globals';
import { murmurHash3, seededUniform } from '../../../domain/execution/seeded-uniform.ts';

describe('MurmurHash3', () => {
  // Vectors of other implementations of MurmurHash3_x86_32 (the reference C++ through smhasher, Guava, Python's mmh3).
  it.each([
    ['', 0, 0x00000000],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['aa', 0x9747b28c, 0x5d211726],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['abc', 0, 0xb3dd93fa],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ])('of "%s" with seed %i is %i', (text, seed, hash) => {
    expect(murmurHash3(text, seed)).toBe(hash);
  });
});

describe('a seeded uniform number', () => {
  const draw = (count: number, seed = 'e1', purpose = 'time') =>
    Array.from({ length: count }, (_, n) => seededUniform(seed, purpose, n));

  it('is the same whenever it is asked for, and another for another seed, purpose or place', () => {
    expect(draw(100)).toEqual(draw(100));
    expect(new Set([...draw(100), ...draw(100, 'e2'), ...draw(100, 'e1', 'size')]).size).toBe(300);
  });

  it('lies in [-1, 1), with the mean and the variance of an even distribution', () => {
    const drawn = draw(10_000);
    for (const each of drawn) expect(each >= -1 && each < 1).toBe(true);
    const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
    const variance = drawn.reduce((sum, each) => sum + each * each, 0) / drawn.length;
    // U(-1, 1): mean 0 with standard error sqrt(1/3 / 10^4) = 0.0058; variance 1/3 with sqrt((1/5 - 1/9) / 10^4) = 0.003. Five of each.
    expect(Math.abs(mean)).toBeLessThan(0.029);
    expect(Math.abs(variance - 1 / 3)).toBeLessThan(0.015);
  });

  it('fills each tenth of the range by its share', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const each of draw(10_000)) counts[Math.floor((each + 1) * 5)]! += 1;
    // Chi-squared over nine degrees of freedom: 27.88 is its 99.9 % quantile.
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
    expect(chiSquared).toBeLessThan(27.88);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fractalNoise, hash, hashRatio, hashText } from '../../../../domain/matching/synthetic/noise.ts';

describe('hash', () => {
  it('depends on the seed, on every value and on the whole of large values', () => {
    const hashes = [
      hash(1, 5),
      hash(2, 5),
      hash(1, 6),
      hash(1, 5, 0),
      hash(1, 0, 5),
      hash(1, 5 + 2 ** 32),
      hash(1, -5),
      hashText(1, 'BTC/USDT'),
      hashText(1, 'ETH/USDT'),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hash(1, 5)).toBe(hashes[0]);
  });

  it('is spread evenly over the shares from 0 to 1', () => {
    const bins = Array<number>(10).fill(0);
    for (let index = 0; index < 10000; index += 1) bins[Math.floor(hashRatio(7, index) * 10)]! += 1;
    // 1,000 expected in each; the standard deviation is sqrt(10000 x 0.1 x 0.9) = 30.
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('fractal noise', () => {
  it('is continuous: it moves little in little time', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 2e12 }), (seed, time) => {
        const move = Math.abs(fractalNoise(seed, time + 1, 1) - fractalNoise(seed, time, 1));
        // Each octave moves at most 2 heights in its length of 4000 x 2^j ms: sum of 2 sqrt(2)^j / (4000 x 2^j) < 0.0018.
        expect(move).toBeLessThan(0.0018);
      }),
    );
  });

  it('stays within its bound', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 2e12 }), (seed, time) => {
        // (sqrt(2)^19 - 1) / (sqrt(2) - 1) = 1745.7
        expect(Math.abs(fractalNoise(seed, time, 1))).toBeLessThan(1746);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  backtestOverfitting,
  type BlockSums,
} from '../../../../domain/optimization/statistics/backtest-overfitting.ts';
import { halfSplits } from '../../../../domain/optimization/statistics/splits.ts';

/** Sums over even blocks of a matrix with one row of returns for each trial. */
function blockSums(returns: readonly (readonly number[])[], blocks: number): BlockSums {
  const perBlock = returns[0]!.length / blocks;
  const sums = new Float64Array(returns.length * blocks);
  const squares = new Float64Array(returns.length * blocks);
  for (const [k, row] of returns.entries()) {
    for (const [t, r] of row.entries()) {
      sums[k * blocks + Math.floor(t / perBlock)]! += r;
      squares[k * blocks + Math.floor(t / perBlock)]! += r * r;
    }
  }
  return { trials: returns.length, blocks, sums, squares, counts: Array.from({ length: blocks }, () => perBlock) };
}

/** Irwin-Hall noise, near normal: twelve uniforms have variance 1. */
function noise(seed: number, trials: number, periods: number, edge = 0): number[][] {
  const generator = xoroshiro128plus(seed);
  const normal = (): number => Array.from({ length: 12 }, () => uniformFloat64(generator)).reduce((a, b) => a + b, -6);
  return Array.from({ length: trials }, (_, k) =>
    Array.from({ length: periods }, () => normal() + (k === 0 ? edge : 0)),
  );
}

describe('half splits', () => {
  it('are the 6,435 of 16 blocks that hold block 0: with their complements all 12,870', () => {
    const masks = halfSplits(16);
    expect(masks).toHaveLength(12_870 / 2);
    expect(masks.every((mask) => mask & 1)).toBe(true);
  });
});

describe('the probability of backtest overfitting', () => {
  it('is what two trials and two blocks give by hand', () => {
    // Block 0: trial 0 earns 1, 3 (Sharpe 2 / sqrt 2), trial 1 earns 1, -1 (0). Block 1: 0, -2 (-1 / sqrt 2) and 2, 4 (3 / sqrt 2).
    // Chosen in block 0: trial 0, lower of two in block 1: w = 1/3, logit -ln 2. Chosen in block 1: trial 1, lower in block 0: the same.
    const result = backtestOverfitting(
      blockSums(
        [
          [1, 3, 0, -2],
          [1, -1, 2, 4],
        ],
        2,
      ),
    );
    expect(result.pbo).toBe(1);
    for (const logit of result.logits) expect(logit).toBeCloseTo(-Math.log(2), 14);
    // Trial 0 lost in block 1; trial 1 earned nothing in block 0.
    expect(result.lossProbability).toBe(0.5);
    // Slope through (sqrt 2, -1/sqrt 2) and (3/sqrt 2, 0).
    expect(result.degradationSlope).toBeCloseTo(1, 12);
  });

  it('is what a program of its own finds by going through every half of the matrix', () => {
    // NumPy and SciPy: for each choice of 4 of 8 blocks the mean over the deviation (n - 1) of its rows, `argmax`, `rankdata` in the rest; the
    // slope by `polyfit`. The matrix is made here as there, by the minimal standard generator (Park and Miller, 48271), time by time.
    let state = 2024;
    const uniform = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    const matrix = Array.from({ length: 6 }, () => Array.from({ length: 80 }, () => 0));
    for (let t = 0; t < 80; t++) {
      for (let k = 0; k < 6; k++) {
        matrix[k]![t] = uniform() + uniform() + uniform() + uniform() - 2 + (k === 2 ? 0.15 : 0);
      }
    }
    const { pbo, logits, degradationSlope, lossProbability } = backtestOverfitting(blockSums(matrix, 8));
    expect(logits).toHaveLength(70);
    expect(pbo).toBeCloseTo(0.471_428_571_428_571_4, 14);
    expect(logits.reduce((a, b) => a + b)).toBeCloseTo(-12.991_660_011_414_599, 10);
    expect(logits.reduce((sum, logit) => sum + logit ** 2, 0)).toBeCloseTo(87.066_121_717_133_78, 10);
    expect(degradationSlope).toBeCloseTo(-0.167_723_637_230_599_77, 10);
    expect(lossProbability).toBeCloseTo(0.385_714_285_714_285_73, 14);
  });

  it('is 0 when one trial is best everywhere', () => {
    const result = backtestOverfitting(blockSums(noise(1, 50, 160, 2), 16));
    expect(result.pbo).toBe(0);
    expect(result.lossProbability).toBe(0);
  });

  it('is below 0.05 for a planted edge among noise', () => {
    // A Sharpe ratio of 0.25 a day over 800 days is 7 standard errors: chance does not hide it.
    expect(backtestOverfitting(blockSums(noise(2, 100, 800, 0.25), 16)).pbo).toBeLessThan(0.05);
  });

  it('is a half on pure noise: the mean over 50 seeds lies within 3 standard errors', () => {
    const found = Array.from(
      { length: 50 },
      (_, seed) => backtestOverfitting(blockSums(noise(seed + 10, 20, 160), 10)).pbo,
    );
    const mean = found.reduce((a, b) => a + b) / found.length;
    const deviation = Math.sqrt(found.reduce((sum, pbo) => sum + (pbo - mean) ** 2, 0) / (found.length - 1));
    expect(Math.abs(mean - 0.5)).toBeLessThan((3 * deviation) / Math.sqrt(found.length));
  });

  it('gives trials that never traded the middle rank, not the best', () => {
    const idle = Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => 0));
    const result = backtestOverfitting(blockSums(idle, 4));
    // Equal everywhere: rank 2 of 3, w = 1/2, logit 0.
    expect([...result.logits].every((logit) => logit === 0)).toBe(true);
    expect(result.degradationSlope).toBeNull();
  });

  it.each([
    [1, 4, 'give at least 2'],
    [3, 5, 'give an even number'],
  ])('refuses %i trials in %i blocks', (trials, blocks, message) => {
    const none = new Float64Array(trials * blocks);
    const counts = Array.from({ length: blocks }, () => 2);
    expect(() => backtestOverfitting({ trials, blocks, sums: none, squares: none, counts })).toThrow(message);
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  type MonteCarloResult,
  simulateReturns,
  simulateTrades,
} from '../../../../domain/backtest/analysis/monte-carlo.ts';
import type { Undefined } from '../../../../domain/backtest/metrics/figure.ts';

const PATHS = 20_000;
const options = { seed: 3, paths: PATHS, start: 100 };

function defined(result: MonteCarloResult | Undefined): MonteCarloResult {
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

/** Four standard deviations of a share of the paths. */
const noise = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / PATHS);

describe('trades in another order', () => {
  it('end at the same equity by another way', () => {
    // 100, 110, 100 falls by 1/11; 100, 90, 100 by 1/10
    const { finalEquity, maxDrawdown, probabilityOfLoss } = defined(
      simulateTrades(Float64Array.of(10, -10), 'shuffle', options),
    );
    expect(finalEquity).toEqual({ p5: 100, p25: 100, p50: 100, p75: 100, p95: 100 });
    expect(maxDrawdown.p5).toBeCloseTo(1 / 11, 12);
    expect(maxDrawdown.p95).toBeCloseTo(1 / 10, 12);
    expect(probabilityOfLoss).toBe(0);
  });

  it('take each order equally often', () => {
    // 80, -120 and 30 on 100: equity falls to -20 only when -120 comes first, in 2 of the 6 orders; 130 - 120 = 10 is not ruin
    const { probabilityOfRuin } = defined(simulateTrades(Float64Array.of(80, -120, 30), 'shuffle', options));
    expect(Math.abs(probabilityOfRuin - 1 / 3)).toBeLessThan(noise(1 / 3));
  });

  it('drawn with replacement may lose more than they did', () => {
    // two of +10 and -10: 120, 100, 100 or 80
    const { finalEquity, probabilityOfLoss } = defined(simulateTrades(Float64Array.of(10, -10), 'resample', options));
    expect(finalEquity).toEqual({ p5: 80, p25: expect.any(Number), p50: 100, p75: expect.any(Number), p95: 120 });
    expect(Math.abs(probabilityOfLoss - 1 / 4)).toBeLessThan(noise(1 / 4));
  });
});

describe('returns in blocks', () => {
  const upAndDown = Float64Array.of(0.1, -0.1);

  // Two draws of +10 % and -10 %: ++ gains, +- and -- lose. Independent draws lose with 3/4, a block of two always holds both; a stationary
  // block goes on with probability 1/2 and is then mixed, so ++ has probability 1/2 x 1/4.
  it.each([
    ['blocks of one', { kind: 'block', length: 1 } as const, 3 / 4],
    ['blocks of two', { kind: 'block', length: 2 } as const, 1],
    ['stationary blocks of one', { kind: 'stationary', meanBlock: 1 } as const, 3 / 4],
    ['stationary blocks of two in the mean', { kind: 'stationary', meanBlock: 2 } as const, 7 / 8],
  ])('%s lose as often as they should', (_, sampling, expected) => {
    const { probabilityOfLoss } = defined(simulateReturns(upAndDown, sampling, options));
    expect(Math.abs(probabilityOfLoss - expected)).toBeLessThanOrEqual(noise(expected));
  });

  it('one block of everything only begins elsewhere', () => {
    const returns = Float64Array.of(0.02, -0.01, 0.03, -0.02, 0.01);
    const { finalEquity } = defined(simulateReturns(returns, { kind: 'block', length: 5 }, options));
    const product = 100 * 1.02 * 0.99 * 1.03 * 0.98 * 1.01;
    expect(finalEquity.p5).toBeCloseTo(product, 10);
    expect(finalEquity.p95).toBeCloseTo(product, 10);
  });

  it('are as long as the cube root of the number of returns by default', () => {
    const returns = Float64Array.from({ length: 64 }, (_, i) => ((i * 37) % 11) / 100 - 0.05);
    expect(simulateReturns(returns, { kind: 'block' }, options)).toEqual(
      simulateReturns(returns, { kind: 'block', length: 4 }, options),
    );
  });

  it('are the same bits for the same seed and others for another', () => {
    const returns = Float64Array.from({ length: 50 }, (_, i) => ((i * 37) % 11) / 100 - 0.05);
    const run = (seed: number) => simulateReturns(returns, { kind: 'stationary' }, { ...options, seed });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });
});

it('is not defined for fewer than two values', () => {
  expect(simulateTrades(Float64Array.of(1), 'shuffle', options)).toEqual({
    reason: 'it needs at least 2 closed trades, there are 1',
  });
  expect(simulateReturns(Float64Array.of(), { kind: 'block' }, options)).toEqual({
    reason: 'it needs at least 2 returns, there are 0',
  });
});

it.each([
  ['a block longer than the series', { kind: 'block', length: 3 } as const, options, 'the length of a block is 3'],
  ['a block of a part', { kind: 'block', length: 1.5 } as const, options, 'the length of a block is 1.5'],
  ['no start', { kind: 'block', length: 1 } as const, { ...options, start: 0 }, 'the start is 0'],
  ['no paths', { kind: 'block', length: 1 } as const, { ...options, paths: 0 }, 'paths is 0'],
])('refuses %s', (_, sampling, given, message) => {
  expect(() => simulateReturns(Float64Array.of(0.1, -0.1), sampling, given)).toThrow(message);
});

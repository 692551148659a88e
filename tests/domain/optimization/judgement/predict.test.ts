import { describe, expect, it } from '@jest/globals';
import { MARKET_KINDS, syntheticMixture } from '../../../../domain/market/synthetic-mixture.ts';
import { forecast } from '../../../../domain/optimization/forecast.ts';
import { predict, type PredictionInput, studentQuantile } from '../../../../domain/optimization/judgement/predict.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';
import { specOf } from '../market.ts';

/** Alternating returns about a mean: deviation `size` (of n, up to the correction for the sample). */
const alternating = (n: number, mean: number, size: number): Float64Array =>
  Float64Array.from({ length: n }, (_, t) => Math.expm1(mean + (t % 2 === 0 ? size : -size)));

const input = (own: Partial<PredictionInput> = {}): PredictionInput => ({
  chosen: alternating(400, 0.004, 0.01),
  outOfSample: alternating(200, 0.001, 0.01),
  expectedBest: 0.3,
  horizonDays: 20,
  seed: 1,
  ...own,
});

describe('a prediction', () => {
  it('expects what the walk-forward earned, not what the choice was made on', () => {
    expect(predict(input()).value).toMatchObject({
      basis: 'walk-forward',
      confidence: 0.9,
      horizonDays: 20,
      expected: expect.closeTo(Math.expm1(0.02), 9),
      inSample: expect.closeTo(Math.expm1(0.08), 9),
    });
  });

  it('takes off what the best of so many trials shows by chance where there is no walk-forward', () => {
    const { value } = predict(input({ outOfSample: null }));
    // Mean 0.004 less 0.3 deviations of 0.01 (0.0100125 with n - 1).
    expect(value).toMatchObject({
      basis: 'deflated',
      expected: expect.closeTo(Math.expm1(20 * (0.004 - 0.3 * 0.010_012_5)), 5),
    });
  });

  it('is wider for a longer horizon, for fewer days to learn from, and for a quiet choice among restless ones', () => {
    const width = (own: Partial<PredictionInput>): number => {
      const { low, high } = predict(input(own)).value!;
      return high - low;
    };
    const usual = width({});
    expect(width({ horizonDays: 40 })).toBeGreaterThan(usual);
    expect(width({ outOfSample: alternating(20, 0.001, 0.01) })).toBeGreaterThan(usual);
    expect(width({ outOfSample: alternating(200, 0.001, 0.03) })).toBeGreaterThan(2 * usual);
  });

  it('is the same for the same seed', () => {
    expect(predict(input())).toEqual(predict(input()));
    expect(predict(input({ seed: 2 })).value!.low).not.toBe(predict(input()).value!.low);
  });

  it.each([
    [{ chosen: alternating(5, 0, 0.01) }, /at least 8 daily returns, there are 5/],
    [{ outOfSample: alternating(3, 0, 0.01) }, /there are 3/],
    [{ chosen: Float64Array.of(0, 0, 0, 0, -1, 0, 0, 0, 0) }, /lost all of the capital/],
    [{ outOfSample: null, expectedBest: null }, /without a walk-forward/],
  ])('says why there is none', (own, reason) => {
    expect(predict(input(own)).reason).toMatch(reason);
  });

  it("has Student's quantiles of the printed tables", () => {
    // Two-sided 10 % for 7, 10, 30 and 120 degrees of freedom.
    for (const [degrees, quantile] of [
      [7, 1.895],
      [10, 1.812],
      [30, 1.697],
      [120, 1.658],
    ] as const) {
      expect(studentQuantile(0.95, degrees)).toBeCloseTo(quantile, 3);
    }
  });
});

describe('predictions on made markets', () => {
  it('cover what comes about as often as they say', () => {
    const spaces = {
      'sma-cross': { fast: { min: 5, max: 45, step: 10 }, slow: { min: 50, max: 200, step: 50 } },
      'donchian-turtle': { entry: { min: 20, max: 100, step: 20 }, exit: { min: 10, max: 50, step: 20 } },
    } as const;
    const ids = Object.keys(spaces) as (keyof typeof spaces)[];
    const markets = 60;
    let covered = 0;
    for (let market = 0; market < markets; market++) {
      const id = ids[market % ids.length]!;
      const kind = MARKET_KINDS[market % MARKET_KINDS.length]!;
      const bars = 24 * 100;
      const candles = syntheticMixture({
        seed: 100 + market,
        bars: 24 * 115,
        kind,
        timeframe: '1h',
        volatility: 0.006,
      });
      const spec = specOf({ strategy: { id }, space: spaces[id] });
      const found = forecast({ markets: [candles], strategy: strategyOf(id), spec, periodsPerYear: 365 }, bars);
      if (found!.isCovered) covered += 1;
    }
    // Binomial(60, 0.9): 54 on average, deviation 2.3; 45 or fewer have a chance of 0.1 %. All 60 would be intervals too wide: 0.2 %.
    expect(covered).toBeGreaterThan(45);
    expect(covered).toBeLessThan(60);
  });
});

import { describe, expect, it } from '@jest/globals';
import { bcaFrom, type BcaInterval, bcaInterval } from '../../../../domain/backtest/analysis/bca-interval.ts';
import { confidenceIntervals } from '../../../../domain/backtest/analysis/confidence-intervals.ts';
import type { Interval } from '../../../../domain/backtest/analysis/interval.ts';
import type { Undefined } from '../../../../domain/backtest/metrics/figure.ts';
import { mean } from '../../../../domain/backtest/metrics/moments.ts';

function defined(interval: Interval | Undefined | null | undefined): BcaInterval {
  if (interval === null || interval === undefined || 'reason' in interval) throw new Error(JSON.stringify(interval));
  expect(interval.method).toBe('bca');
  return interval as BcaInterval;
}

/** Every resample of a sample of four: all 256 of them. */
function everyResample(sample: readonly number[], statistic: (resample: Float64Array) => number): Float64Array {
  const values: number[] = [];
  for (let i = 0; i < 256; i++) {
    values.push(statistic(Float64Array.from([i & 3, (i >> 2) & 3, (i >> 4) & 3, i >> 6], (at) => sample[at]!)));
  }
  return Float64Array.from(values);
}

function withoutEach(sample: readonly number[], statistic: (rest: Float64Array) => number): Float64Array {
  return Float64Array.from(sample, (_, left) => statistic(Float64Array.from(sample.filter((__, i) => i !== left))));
}

function variance(values: Float64Array): number {
  const centre = mean(values);
  return values.reduce((total, value) => total + (value - centre) ** 2, 0) / (values.length - 1);
}

const SMALL = [1, 2, 4, 8];

describe('the interval of given resamples is that of scipy 1.17.1 to the last digits', () => {
  // scipy.stats._resampling._bca_interval on [1, 2, 4, 8] with all 4^4 resamples as the bootstrap distribution
  it.each([
    ['mean', mean, 0.95, 0.0784124127331122, 0.05473398, 1.75, 7],
    ['variance', variance, 0.9, 0.36012989178956945, 0.05604434, 2, 16.333333333333332],
  ] as const)('%s', (_, statistic, level, bias, acceleration, low, high) => {
    const estimate = statistic(Float64Array.from(SMALL));
    const interval = defined(bcaFrom(estimate, everyResample(SMALL, statistic), withoutEach(SMALL, statistic), level));
    expect(interval.bias).toBeCloseTo(bias, 12);
    expect(interval.acceleration).toBeCloseTo(acceleration, 8);
    expect(interval.low).toBeCloseTo(low, 10);
    expect(interval.high).toBeCloseTo(high, 10);
    expect(interval.resamples).toBe(256);
  });

  it('has the standard error of numpy', () => {
    const interval = defined(bcaFrom(3.75, everyResample(SMALL, mean), withoutEach(SMALL, mean), 0.95));
    expect(interval.standardError).toBeCloseTo(1.3431014736897027, 12);
  });
});

it('the acceleration of a mean is its skewness: sum(d^3) / (6 sum(d^2)^1.5), d = x - mean', () => {
  // [1, 2, 4, 8]: d = -2.75, -1.75, 0.25, 4.25; sum d^2 = 28.75, sum d^3 = -20.796875 - 5.359375 + 0.015625 + 76.765625 = 50.625
  const interval = defined(bcaInterval(Float64Array.from(SMALL), mean, { seed: 1 }));
  expect(interval.acceleration).toBeCloseTo(50.625 / (6 * 28.75 ** 1.5), 14);
});

const THOUSANDTHS =
  '12 -7 3 22 -15 8 1 -4 17 -9 5 -2 11 -21 6 14 -3 9 -12 4 19 -6 2 -1 7 -18 13 10 -5 16 -8 20 -11 3 6 -14 25 -2 8 -10'
    .split(' ')
    .map(Number);
const RETURNS = Float64Array.from(THOUSANDTHS, (value) => value / 1000);
/** The same in an order in which gains and losses do not alternate: each eleventh, going round. */
const MIXED = RETURNS.map((_, i) => RETURNS[(i * 11) % RETURNS.length]!);

describe('the intervals of a series are those of scipy.stats.bootstrap(method="BCa") but for the noise of drawing', () => {
  const found = confidenceIntervals({
    returns: MIXED,
    tradePnl: RETURNS,
    tradeReturns: RETURNS,
    periodsPerYear: 252,
    seed: 7,
    resamples: () => 40_000,
  });

  // scipy 1.17.1, 400,000 resamples, seed 1. An end of 40,000 resamples has a standard deviation of about 0.015 standard errors.
  it.each([
    ['meanReturn', 0.002325, -0.0012, 0.0058, 0.00179357, -0.00085188, -0.0055],
    ['expectancyRatio', 0.002325, -0.0012, 0.0058, 0.00179357, -0.00085188, -0.0055],
    ['sharpeRatio', 3.207849110609831, -1.9081, 8.33267, 2.601677, -0.01155797, -0.0189],
    ['profitFactor', 1.628378378378378, 0.74648, 3.53247, 0.766464, -0.01615282, -0.0149],
  ])('%s', (name, estimate, low, high, standardError, acceleration, bias) => {
    const interval = defined(found.intervals[name]);
    expect(interval.estimate).toBeCloseTo(estimate, 12);
    expect(interval.acceleration).toBeCloseTo(acceleration, 7);
    expect(Math.abs(interval.bias - bias)).toBeLessThan(0.03);
    expect(Math.abs(interval.low - low)).toBeLessThan(0.1 * standardError);
    expect(Math.abs(interval.high - high)).toBeLessThan(0.1 * standardError);
    expect(Math.abs(interval.standardError / standardError - 1)).toBeLessThan(0.02);
    expect(interval.resamples).toBe(40_000);
  });

  it('are the same bits for the same seed and others for another', () => {
    const options = { seed: 7, resamples: 500 };
    expect(bcaInterval(RETURNS, mean, options)).toEqual(bcaInterval(RETURNS, mean, options));
    expect(bcaInterval(RETURNS, mean, { ...options, seed: 8 })).not.toEqual(bcaInterval(RETURNS, mean, options));
  });
});

describe('an interval that is not defined says why', () => {
  const input = {
    returns: RETURNS,
    tradePnl: RETURNS,
    tradeReturns: RETURNS,
    periodsPerYear: 252,
    seed: 1,
    resamples: () => 200,
  };

  it.each([
    ['no trades', { tradePnl: new Float64Array(0) }, 'profitFactor', 'at least 2 values, there are 0'],
    ['no losing trade', { tradePnl: Float64Array.of(1, 2, 3) }, 'profitFactor', 'no trade lost'],
    ['equal returns', { returns: Float64Array.of(0.01, 0.01, 0.01) }, 'sharpeRatio', 'all returns are equal'],
    [
      'equal means',
      { returns: Float64Array.of(0.01, 0.01, 0.01) },
      'meanReturn',
      'every resample gives the same value',
    ],
  ])('%s', (_, change, name, reason) => {
    const { intervals, reasons } = confidenceIntervals({ ...input, ...change });
    expect(intervals[name]).toBeNull();
    expect(reasons[name]).toContain(reason);
  });

  it('counts the resamples that had a statistic', () => {
    // Two of the four trades lost: a resample of four has no loss with probability (1/2)^4.
    const { intervals } = confidenceIntervals({
      ...input,
      tradePnl: Float64Array.of(2, -1, 3, -2),
      resamples: () => 4000,
    });
    const share = defined(intervals['profitFactor']).resamples / 4000;
    expect(Math.abs(share - 15 / 16)).toBeLessThan(0.016); // 4 standard deviations
  });
});

it.each([
  ['level', { seed: 1, level: 1 }, 'the level is 1'],
  ['resamples', { seed: 1, resamples: 0 }, 'resamples is 0'],
  ['a seed that is no whole number', { seed: 0.5 }, 'the seed is 0.5'],
  ['a seed that would be taken for another', { seed: 2 ** 32 }, 'the seed is 4294967296'],
])('refuses %s', (_, options, message) => {
  expect(() => bcaInterval(RETURNS, mean, options)).toThrow(message);
});

import { describe, expect, it } from '@jest/globals';
import { confidenceIntervals } from '../../../../domain/backtest/analysis/confidence-intervals.ts';
import { drawdownInterval } from '../../../../domain/backtest/analysis/drawdown-interval.ts';
import { normalInterval } from '../../../../domain/backtest/analysis/interval.ts';
import {
  leaveOut,
  meansWithoutEach,
  momentsWithoutEach,
  profitFactorsWithoutEach,
} from '../../../../domain/backtest/analysis/leave-one-out.ts';
import { mean } from '../../../../domain/backtest/metrics/moments.ts';

const THOUSANDTHS =
  '12 -7 3 22 -15 8 1 -4 17 -9 5 -2 11 -21 6 14 -3 9 -12 4 19 -6 2 -1 7 -18 13 10 -5 16 -8 20 -11 3 6 -14 25 -2 8 -10'
    .split(' ')
    .map(Number);
const RETURNS = Float64Array.from(THOUSANDTHS, (value) => value / 1000);
const MIXED = RETURNS.map((_, i) => RETURNS[(i * 11) % RETURNS.length]!);

const ratio = ({ n, mean: average, squares }: { n: number; mean: number; squares: number }): number =>
  average / Math.sqrt(squares / (n - 1));

describe('an interval by the jackknife', () => {
  // numpy 2.4.6: the statistic of np.delete(values, i) for each i, se = sqrt((n - 1) / n * sum((v - mean(v))^2)), z = scipy.stats.norm.ppf(0.95)
  it.each([
    ['mean', meansWithoutEach, 0.002325, 0.001819195193992705, -0.0006673098129715881, 0.005317309812971588],
    [
      'profit factor',
      profitFactorsWithoutEach,
      1.6283783783783785,
      0.652926794019627,
      0.5544093731013982,
      2.7023473836553586,
    ],
    [
      'mean over deviation',
      (sample: Float64Array) => momentsWithoutEach(sample, ratio),
      0.20207549976412717,
      0.1625752413573481,
      -0.06533697563501786,
      0.46948797516327223,
    ],
  ])('%s: the standard error and the ends are those of numpy', (_, withoutEach, estimate, error, low, high) => {
    const interval = normalInterval(estimate, withoutEach(RETURNS), 0.9);
    if ('reason' in interval) throw new Error(interval.reason);
    expect(interval.standardError).toBeCloseTo(error, 12);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
    expect(interval.method).toBe('normal');
  });

  it('is not defined for values that are all the same', () => {
    expect(normalInterval(1, meansWithoutEach(Float64Array.of(1, 1, 1)), 0.9)).toHaveProperty('reason');
  });

  it('leaves out the sample without its only loss', () => {
    // 3 + 5 over nothing is no factor; without 3 it is 5 / 2, without 5 it is 3 / 2
    expect(profitFactorsWithoutEach(Float64Array.of(3, -2, 5))).toEqual(Float64Array.of(5 / 2, 3 / 2));
  });

  it('leaves out runs of neighbours where the statistic has no shorter way', () => {
    const many = Float64Array.from({ length: 2_000 }, (_, i) => i);
    // Without 0 and 1 the mean of 2 to 1999 is 1000.5.
    const values = leaveOut(many, mean);
    expect(values).toHaveLength(1_000);
    expect(values[0]).toBe(1_000.5);
  });
});

describe('the intervals of many trades', () => {
  it('are normal, with the standard error of the mean, and say so', () => {
    // 12,000 trades: 6,000 gain 2, 6,000 lose 1: mean 0.5, variance (1.5^2 x 12000) / 11999
    const pnl = Float64Array.from({ length: 12_000 }, (_, i) => (i % 2 === 0 ? 2 : -1));
    const { intervals } = confidenceIntervals({
      returns: RETURNS,
      tradePnl: pnl,
      tradeReturns: pnl,
      periodsPerYear: 365,
      seed: 1,
      level: 0.9,
      resamples: () => 100,
    });
    const error = Math.sqrt((1.5 ** 2 * 12_000) / 11_999 / 12_000);
    // z of 95 % is 1.6448536269514722
    expect(intervals['expectancyRatio']).toMatchObject({ method: 'normal', estimate: 0.5 });
    expect(intervals['expectancyRatio']!.low).toBeCloseTo(0.5 - 1.644_853_626_951_472_2 * error, 12);
    // Factor 2; by the delta method its variance is sum((gain - 2 loss)^2) / loss^2 = 12000 x 2^2 / 6000^2.
    expect(intervals['profitFactor']).toMatchObject({ method: 'normal', estimate: 2 });
    expect(intervals['profitFactor']!.standardError / Math.sqrt((12_000 * 4) / 6_000 ** 2)).toBeCloseTo(1, 3);
    expect(intervals['sharpeRatio']).toMatchObject({ method: 'bca' });
  });
});

describe('the interval of the largest drawdown', () => {
  it('is that of the stationary bootstrap but for the noise of drawing', () => {
    const interval = drawdownInterval(MIXED, { seed: 5, resamples: 40_000 });
    if ('reason' in interval) throw new Error(interval.reason);
    // arch 8.0.0, StationaryBootstrap(3, returns, seed=1), 100,000 series, quantiles 2.5 % and 97.5 %
    expect(interval.estimate).toBeCloseTo(0.044_520_586_923_250_005, 12);
    expect(Math.abs(interval.low - 0.018)).toBeLessThan(0.0003);
    expect(Math.abs(interval.high - 0.074_793)).toBeLessThan(0.0012);
    expect(Math.abs(interval.standardError / 0.014_508 - 1)).toBeLessThan(0.02);
    expect(interval).toMatchObject({ method: 'block-bootstrap', level: 0.95, resamples: 40_000 });
  });

  it.each([
    ['a single return', Float64Array.of(0.01), 'at least 2 returns'],
    ['no loss', Float64Array.of(0.01, 0.02, 0.01), 'falls as deep'],
  ])('is not defined for %s', (_, returns, reason) => {
    expect(drawdownInterval(returns, { seed: 1, resamples: 100 })).toEqual({
      reason: expect.stringContaining(reason),
    });
  });
});

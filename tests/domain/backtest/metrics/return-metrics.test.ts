import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { calcMetrics, parseMetricsInput } from '../../../../domain/backtest/metrics/calc-metrics.ts';
import { maxDrawdownOf, scanDrawdowns } from '../../../../domain/backtest/metrics/drawdown.ts';
import { sum } from '../../../../domain/backtest/metrics/moments.ts';
import { percentile } from '../../../../domain/backtest/metrics/percentile.ts';

const metricsOf = (returns: readonly number[], more: { riskFreeRate?: number; benchmark?: readonly number[] } = {}) => {
  const { benchmark, ...rest } = more;
  return calcMetrics({
    returns: Float64Array.from(returns),
    periodsPerYear: 4,
    ...rest,
    ...(benchmark === undefined ? {} : { benchmark: Float64Array.from(benchmark) }),
  });
};

describe('metrics of returns, by hand', () => {
  // 1 -> 1.1 -> 0.99 -> 1.188; mean 0.2/3; deviations 1/30, -1/6, 2/15: squares 0.0466667, std sqrt(0.0233333)
  const { values } = metricsOf([0.1, -0.1, 0.2]);

  it.each([
    ['cumReturnsFinal', 0.188],
    ['annualReturn', 1.188 ** (4 / 3) - 1],
    ['annualVolatility', Math.sqrt(0.07 / 3) * 2],
    ['sharpeRatio', (0.2 / 3 / Math.sqrt(0.07 / 3)) * 2],
    ['downsideRisk', Math.sqrt(0.01 / 3) * 2],
    ['sortinoRatio', ((0.2 / 3) * 4) / (Math.sqrt(0.01 / 3) * 2)],
    ['omegaRatio', 3],
    ['maxDrawdown', 0.1],
    ['avgDrawdown', 0.1],
    ['maxDrawdownBars', 2],
    ['maxUnderwaterBars', 1],
    ['ulcerIndexPctRmsN', Math.sqrt(100 / 3)],
    ['calmarRatio', (1.188 ** (4 / 3) - 1) / 0.1],
    ['var5', 0.08], // 5th percentile of -0.1, 0.1, 0.2: -0.1 + 0.1 x 0.2
    ['cvar5', 0.1],
    ['tailRatio', 0.19 / 0.08],
    ['positiveReturnRatio', 2 / 3],
    ['bestReturn', 0.2],
    ['worstReturn', -0.1],
  ])('%s is %d', (name, expected) => {
    expect(values[name]).toBeCloseTo(expected, 12);
  });

  it('takes the risk-free rate, an annual one, off each period', () => {
    // (1.01^4)^(1/4) - 1 = 0.01 a period: mean excess 0.17/3; what lies below it, only -0.11
    const { values: excess } = metricsOf([0.1, -0.1, 0.2], { riskFreeRate: 1.01 ** 4 - 1 });
    expect(excess['sharpeRatio']).toBeCloseTo((0.17 / 3 / Math.sqrt(0.07 / 3)) * 2, 12);
    expect(excess['downsideRisk']).toBeCloseTo(Math.sqrt(0.0121 / 3) * 2, 12);
    expect(excess['omegaRatio']).toBeCloseTo((0.09 + 0.19) / 0.11, 12);
  });

  it('counts a loss in the first period as a drawdown from the start', () => {
    expect(metricsOf([-0.5, 0.1]).values['maxDrawdown']).toBe(0.5);
  });

  it('compares with a benchmark', () => {
    // b: 0.05, -0.05, 0.1 = r / 2, so beta = 2, and r - b = b: mean 0.1/3, std sqrt(0.07/12) / ... = half of r's
    const { values: relative } = metricsOf([0.1, -0.1, 0.2], { benchmark: [0.05, -0.05, 0.1] });
    expect(relative['beta']).toBeCloseTo(2, 12);
    expect(relative['excessSharpe']).toBeCloseTo(0.1 / 3 / (Math.sqrt(0.07 / 3) / 2), 12);
    expect(relative['informationRatio']).toBeCloseTo((2 * 0.1) / 3 / (Math.sqrt(0.07 / 3) / 2), 12);
    expect(relative['trackingError']).toBeCloseTo(Math.sqrt(0.07 / 3), 12);
    // up periods: (1.1 x 1.2)^2 - 1 over (1.05 x 1.1)^2 - 1; down: 0.9^4 - 1 over 0.95^4 - 1
    expect(relative['upCapture']).toBeCloseTo((1.32 ** 2 - 1) / (1.155 ** 2 - 1), 12);
    expect(relative['downCapture']).toBeCloseTo((0.9 ** 4 - 1) / (0.95 ** 4 - 1), 12);
  });
});

describe('what is not defined is null with a reason', () => {
  it.each([
    ['one return has no deviation', [0.1], 'sharpeRatio', 'at least 2 returns, there is 1'],
    ['two returns have no skewness', [0.1, 0.2], 'skewUnbiased', 'at least 3 returns'],
    ['three returns have no kurtosis', [0.1, 0.2, 0], 'psrVs0RawKurtosisCorrect', 'at least 4 returns'],
    ['equal returns have no Sharpe ratio', [0.1, 0.1, 0.1], 'sharpeRatio', 'standard deviation is 0'],
    [
      'returns that are equal but for rounding have none either',
      [0.1, 0.1 + 2e-17, 0.1 - 2e-17],
      'sharpeRatio',
      'is 0',
    ],
    ['gains only have no Sortino ratio', [0.1, 0.2], 'sortinoRatio', 'no return lies below'],
    ['gains only have no Omega', [0.1, 0.2], 'omegaRatio', 'no return lies below'],
    ['gains only have no Calmar ratio', [0.1, 0.2], 'calmarRatio', 'no drawdown'],
    ['gains only have no average drawdown', [0.1, 0.2], 'avgDrawdown', 'never fell'],
    ['nothing ventured has no tail', [0, 0], 'tailRatio', '5th percentile of the returns is 0'],
    ['a total loss has no log', [0.1, -1], 'stability', 'the whole capital was lost'],
    ['more than all lost has no annual return', [0.1, -1.5, -1.5], 'annualReturn', 'more than the whole capital'],
    ['growth beyond numbers', [1e200, 1e200], 'cumReturnsFinal', 'beyond the range of numbers'],
  ])('%s', (_, returns, name, reason) => {
    const { values, reasons } = metricsOf(returns);
    expect(values[name]).toBeNull();
    expect(reasons[name]).toContain(reason);
  });

  it.each([
    ['a benchmark that never moved', [0.1, 0.2], [0.1, 0.1], 'beta', 'variance is 0'],
    ['a benchmark at a constant distance', [0.1, 0.2], [0.1, 0.2], 'informationRatio', 'standard deviation is 0'],
    ['a benchmark that never fell', [0.1, 0.2], [0.1, 0.3], 'downCapture', 'no such period'],
  ])('%s', (_, returns, benchmark, name, reason) => {
    const { values, reasons } = metricsOf(returns, { benchmark });
    expect(values[name]).toBeNull();
    expect(reasons[name]).toContain(reason);
  });

  it('gains only have a drawdown, which is 0, and a value at risk, which is a gain', () => {
    const { values } = metricsOf([0.1, 0.2]);
    expect([values['maxDrawdown'], values['maxUnderwaterBars'], values['drawdowns']]).toEqual([0, 0, 0]);
    expect(values['var5']).toBeCloseTo(-0.105, 12);
  });

  it('whatever the returns, a value is finite and a null has a reason', () => {
    const anyReturn = fc.oneof(fc.double({ min: -1, max: 10, noNaN: true }), fc.constantFrom(0, -1, 0.1));
    fc.assert(
      fc.property(fc.array(anyReturn, { maxLength: 12 }), fc.array(anyReturn, { maxLength: 12 }), (returns, other) => {
        const benchmark = returns.map((_, i) => other[i] ?? 0);
        const { values, reasons } = metricsOf(returns, { benchmark });
        for (const [name, value] of Object.entries(values)) {
          expect([name, value === null ? (reasons[name]?.length ?? 0) > 5 : Number.isFinite(value)]).toEqual([
            name,
            true,
          ]);
          expect(Object.is(value, -0)).toBe(false);
        }
        expect(Object.keys(reasons).every((name) => values[name] === null)).toBe(true);
      }),
    );
  });
});

describe('the drawdowns found in one pass', () => {
  const anyCurve = fc
    .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 })
    .map((list) => Float64Array.from(list));

  it('are as deep as the worst pair of an earlier and a later value', () => {
    fc.assert(
      fc.property(anyCurve, (curve) => {
        let worst = 0;
        curve.forEach((peak, i) => curve.subarray(i).forEach((value) => (worst = Math.max(worst, 1 - value / peak))));
        expect(scanDrawdowns(curve).deepest?.depth ?? 0).toBe(worst);
        expect(maxDrawdownOf(curve)).toBe(worst);
      }),
    );
  });

  it('are under water for as long as no value regains the peak', () => {
    fc.assert(
      fc.property(anyCurve, (curve) => {
        const below = [...curve].map((value, i) => value < Math.max(...curve.subarray(0, i + 1)));
        const longest = below
          .map((under) => (under ? 'x' : ' '))
          .join('')
          .split(' ')
          .map((run) => run.length);
        expect(scanDrawdowns(curve).maxUnderwaterBars).toBe(Math.max(...longest));
      }),
    );
  });
});

it('sums a million terms without gathering their rounding', () => {
  // One after the other, a million times 0.1 comes to 100000.00000133288.
  expect(sum(new Float64Array(1_000_000).fill(0.1))).toBeCloseTo(100_000, 8);
});

it('takes percentiles between neighbours, as numpy does', () => {
  // numpy.percentile([1, 2, 4, 8], [0, 5, 50, 95, 100])
  const sorted = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.05, 0.5, 0.95, 1].map((q) => percentile(sorted, q))).toEqual([1, 1.15, 3, expect.closeTo(7.4, 12), 8]);
});

describe('the input of calc metrics', () => {
  const good = { returns: [0.1, -0.1], periodsPerYear: 252 };

  it('is read with defaults', () => {
    expect(parseMetricsInput(good)).toEqual({
      ok: true,
      input: { returns: Float64Array.of(0.1, -0.1), periodsPerYear: 252, riskFreeRate: 0 },
    });
  });

  it.each<[string, unknown, string]>([
    ['no object', [0.1], ''],
    ['no returns', { periodsPerYear: 252 }, 'returns'],
    ['an empty list', { ...good, returns: [] }, 'returns'],
    ['a return that is no number', { ...good, returns: [0.1, 'x'] }, 'returns[1]'],
    ['a missing return', { ...good, returns: [null, 0.1] }, 'returns[0]'],
    ['a loss of more than all', { ...good, returns: [0.1, -1.01] }, 'returns[1]'],
    ['no periods', { returns: [0.1] }, 'periodsPerYear'],
    ['periods of 0', { ...good, periodsPerYear: 0 }, 'periodsPerYear'],
    ['periods as text', { ...good, periodsPerYear: '252' }, 'periodsPerYear'],
    ['a rate of -1', { ...good, riskFreeRate: -1 }, 'riskFreeRate'],
    ['a benchmark that is too short', { ...good, benchmark: [0.1] }, 'benchmark'],
    ['a benchmark of text', { ...good, benchmark: ['a', 0] }, 'benchmark[0]'],
    ['a misspelt field', { ...good, riskfreeRate: 0 }, 'riskfreeRate'],
  ])('refuses %s, naming the field', (_, value, field) => {
    const parsed = parseMetricsInput(value);
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.field)).toEqual([field]);
  });

  it('names the first ten of many wrong values', () => {
    const parsed = parseMetricsInput({ ...good, returns: Array<null>(1000).fill(null) });
    expect(parsed.ok ? 0 : parsed.problems.length).toBe(10);
  });
});

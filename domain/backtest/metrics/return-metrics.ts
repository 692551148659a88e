import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type Figure, fromAtLeast, isDefined, quotient, undefinedBecause } from './figure.ts';
import type { Metric } from './metric.ts';
import { NO_DISPERSION, standardDeviation, unbiasedExcessKurtosis, unbiasedSkewness } from './moments.ts';
import { meanOfTail, percentile } from './percentile.ts';
import type { ReturnSeries } from './return-series.ts';
import { rSquaredOfLogWealth } from './stability.ts';

export const NO_LOSS = 'no return lies below the risk-free rate';
export const ALL_EQUAL = 'all returns are equal: their standard deviation is 0';

/** What a period earned beyond the risk-free rate, on average. */
function meanExcess({ moments, riskFreePerPeriod }: ReturnSeries): number {
  return moments.mean - riskFreePerPeriod;
}

/** The annual return that compounds to the growth of the whole: by the count of periods, not by the calendar. */
export function annualReturn({ n, growth, periodsPerYear }: ReturnSeries): Figure {
  if (growth < 0) return undefinedBecause('more than the whole capital was lost');
  return fromAtLeast(1, n, 'returns', () => growth ** (periodsPerYear / n) - 1);
}

/** Sharpe ratio of one period: what `sharpeRatio` annualises. */
export function sharpePerPeriod(series: ReturnSeries): Figure {
  return fromAtLeast(2, series.n, 'returns', () => {
    const deviation = standardDeviation(series.moments);
    return deviation <= NO_DISPERSION ? undefinedBecause(ALL_EQUAL) : meanExcess(series) / deviation;
  });
}

/** Root of the mean of squared shortfalls below the risk-free rate, the mean over all periods. */
function downsideDeviation({ returns, riskFreePerPeriod, n }: ReturnSeries): number {
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const excess = returns[i]! - riskFreePerPeriod;
    if (excess < 0) squares += excess * excess;
  }
  return Math.sqrt(squares / n);
}

function omega({ returns, riskFreePerPeriod, n }: ReturnSeries): Figure {
  let [gains, losses] = [0, 0];
  for (let i = 0; i < n; i++) {
    const excess = returns[i]! - riskFreePerPeriod;
    if (excess > 0) gains += excess;
    else losses -= excess;
  }
  return quotient(gains, losses, NO_LOSS);
}

function skewness({ moments }: ReturnSeries): Figure {
  return fromAtLeast(3, moments.n, 'returns', () =>
    standardDeviation(moments) <= NO_DISPERSION ? undefinedBecause(ALL_EQUAL) : unbiasedSkewness(moments),
  );
}

function excessKurtosis({ moments }: ReturnSeries): Figure {
  return fromAtLeast(4, moments.n, 'returns', () =>
    standardDeviation(moments) <= NO_DISPERSION ? undefinedBecause(ALL_EQUAL) : unbiasedExcessKurtosis(moments),
  );
}

/** Probability that the true Sharpe ratio is above 0: with the raw kurtosis (3 for the normal distribution), as in the paper. */
function probabilisticSharpe(series: ReturnSeries): Figure {
  const [sharpe, skew, excess] = [sharpePerPeriod(series), skewness(series), excessKurtosis(series)];
  if (!isDefined(sharpe)) return sharpe;
  if (!isDefined(skew)) return skew;
  if (!isDefined(excess)) return excess;
  const variance = 1 - skew * sharpe + ((excess + 3 - 1) / 4) * sharpe * sharpe;
  if (variance <= 0) return undefinedBecause('skewness and kurtosis leave the Sharpe ratio no variance');
  return normalCdf((sharpe * Math.sqrt(series.n - 1)) / Math.sqrt(variance), 0, 1);
}

/** Metrics of returns of equal periods (of days, in a backtest). See `docs/metrics.md` for what others do differently. */
export const RETURN_METRICS: readonly Metric<ReturnSeries>[] = [
  { name: 'n', unit: 'count', definition: 'returns that the annual figures are computed from', compute: ({ n }) => n },
  {
    name: 'cumReturnsFinal',
    unit: 'ratio',
    definition: 'product of (1 + r) - 1',
    compute: ({ n, growth }) => fromAtLeast(1, n, 'returns', () => growth - 1),
  },
  {
    name: 'annualReturn',
    unit: 'ratio/year',
    definition: '(product of (1 + r))^(A / n) - 1: by the count of returns; by the calendar it is `cagr`',
    compute: annualReturn,
  },
  {
    name: 'annualVolatility',
    unit: 'ratio/year',
    definition: 'std(r, ddof 1) x sqrt(A)',
    compute: ({ n, moments, periodsPerYear }) =>
      fromAtLeast(2, n, 'returns', () => standardDeviation(moments) * Math.sqrt(periodsPerYear)),
  },
  {
    name: 'sharpeRatio',
    unit: 'number',
    definition: 'mean(r - rf) / std(r - rf, ddof 1) x sqrt(A)',
    compute: (series) => {
      const sharpe = sharpePerPeriod(series);
      return isDefined(sharpe) ? sharpe * Math.sqrt(series.periodsPerYear) : sharpe;
    },
  },
  {
    name: 'sortinoRatio',
    unit: 'number',
    definition: 'mean(r - rf) x A / `downsideRisk`',
    compute: (series) =>
      fromAtLeast(1, series.n, 'returns', () => {
        const deviation = downsideDeviation(series);
        // A day without a change may differ from 0 in the last bit.
        if (deviation <= NO_DISPERSION) return undefinedBecause(NO_LOSS);
        return (meanExcess(series) * Math.sqrt(series.periodsPerYear)) / deviation;
      }),
  },
  {
    name: 'downsideRisk',
    unit: 'ratio/year',
    definition: 'sqrt(mean(min(r - rf, 0)^2)) x sqrt(A), the mean over all periods',
    compute: (series) =>
      fromAtLeast(1, series.n, 'returns', () => downsideDeviation(series) * Math.sqrt(series.periodsPerYear)),
  },
  {
    name: 'omegaRatio',
    unit: 'number',
    definition: 'sum(max(r - rf, 0)) / sum(max(rf - r, 0))',
    compute: (series) => fromAtLeast(1, series.n, 'returns', () => omega(series)),
  },
  {
    name: 'tailRatio',
    unit: 'number',
    definition: '|95th percentile of r| / |5th percentile of r|',
    compute: ({ n, sorted }) =>
      fromAtLeast(1, n, 'returns', () =>
        quotient(
          Math.abs(percentile(sorted(), 0.95)),
          Math.abs(percentile(sorted(), 0.05)),
          'the 5th percentile of the returns is 0',
        ),
      ),
  },
  {
    name: 'stability',
    unit: 'number',
    definition: 'R squared of a straight line through the cumulated log(1 + r)',
    compute: ({ n, returns }) => fromAtLeast(2, n, 'returns', () => rSquaredOfLogWealth(returns)),
  },
  {
    name: 'var5',
    unit: 'ratio',
    definition: '-(5th percentile of r), historical; a negative value is a gain',
    compute: ({ n, sorted }) => fromAtLeast(1, n, 'returns', () => -percentile(sorted(), 0.05)),
  },
  {
    name: 'cvar5',
    unit: 'ratio',
    definition: '-(mean of the worst floor((n - 1) x 0.05) + 1 returns)',
    compute: ({ n, sorted }) => fromAtLeast(1, n, 'returns', () => -meanOfTail(sorted(), 0.05)),
  },
  {
    name: 'srPerPeriodDdof1',
    unit: 'number',
    definition: 'mean(r - rf) / std(r - rf, ddof 1), of one period',
    compute: sharpePerPeriod,
  },
  {
    name: 'skewUnbiased',
    unit: 'number',
    definition: 'G1 = sqrt(n (n - 1)) / (n - 2) x m3 / m2^1.5',
    compute: skewness,
  },
  {
    name: 'excessKurtosisUnbiased',
    unit: 'number',
    definition: 'G2 = (n - 1) / ((n - 2)(n - 3)) x ((n + 1)(m4 / m2^2 - 3) + 6); 0 for the normal distribution',
    compute: excessKurtosis,
  },
  {
    name: 'psrVs0RawKurtosisCorrect',
    unit: 'ratio',
    definition: 'Phi(SR sqrt(n - 1) / sqrt(1 - G1 SR + (G2 + 2) / 4 SR^2)), SR of one period: P(true Sharpe ratio > 0)',
    compute: probabilisticSharpe,
  },
  {
    name: 'bestReturn',
    unit: 'ratio',
    definition: 'largest r',
    compute: ({ n, moments }) => fromAtLeast(1, n, 'returns', () => moments.max),
  },
  {
    name: 'worstReturn',
    unit: 'ratio',
    definition: 'smallest r, with its sign',
    compute: ({ n, moments }) => fromAtLeast(1, n, 'returns', () => moments.min),
  },
  {
    name: 'positiveReturnRatio',
    unit: 'ratio',
    definition: 'returns above 0 / n; not `winRate`, which counts trades',
    compute: ({ n, returns }) =>
      fromAtLeast(1, n, 'returns', () => {
        let above = 0;
        for (let i = 0; i < n; i++) if (returns[i]! > 0) above += 1;
        return above / n;
      }),
  },
];

/** What the returns earned for the deepest fall: needs the returns and the largest drawdown. */
export const CALMAR: Metric<{ readonly series: ReturnSeries; readonly maxDrawdown: number }> = {
  name: 'calmarRatio',
  unit: 'number',
  definition: '`annualReturn` / `maxDrawdown`',
  compute: ({ series, maxDrawdown }) => {
    const annual = annualReturn(series);
    return isDefined(annual) ? quotient(annual, maxDrawdown, 'there is no drawdown') : annual;
  },
};

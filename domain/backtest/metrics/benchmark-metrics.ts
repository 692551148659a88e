import { type Figure, fromAtLeast, isDefined, quotient, undefinedBecause } from './figure.ts';
import type { Metric } from './metric.ts';
import { mean, momentsOf, NO_DISPERSION, standardDeviation } from './moments.ts';
import { annualReturn, sharpePerPeriod } from './return-metrics.ts';
import { describeReturns, type ReturnSeries } from './return-series.ts';

/** Returns beside those of a benchmark for the same periods. */
export interface BenchmarkedReturns {
  readonly series: ReturnSeries;
  readonly benchmark: ReturnSeries;
  /** r - b of each period. */
  readonly active: Float64Array;
}

/** Pairs two series. Throws a `RangeError` when they are not of the same length. */
export function benchmarked(series: ReturnSeries, benchmark: ReturnSeries): BenchmarkedReturns {
  if (series.n !== benchmark.n) {
    throw new RangeError(`the benchmark has ${benchmark.n} returns, the series ${series.n}: give one for each period`);
  }
  return { series, benchmark, active: series.returns.map((value, i) => value - benchmark.returns[i]!) };
}

const NOTHING_MOVED = 'the returns of the benchmark are all equal: its variance is 0';
const ALWAYS_THE_SAME = 'the distance to the benchmark is always the same: its standard deviation is 0';

function beta({ series, benchmark }: BenchmarkedReturns): Figure {
  return fromAtLeast(2, series.n, 'returns', () => {
    if (standardDeviation(benchmark.moments) <= NO_DISPERSION) return undefinedBecause(NOTHING_MOVED);
    return sumOfProducts(series, benchmark) / benchmark.moments.squares;
  });
}

function sumOfProducts(one: ReturnSeries, other: ReturnSeries): number {
  let products = 0;
  for (let i = 0; i < one.n; i++) {
    products += (one.returns[i]! - one.moments.mean) * (other.returns[i]! - other.moments.mean);
  }
  return products;
}

function alpha(input: BenchmarkedReturns): Figure {
  const slope = beta(input);
  if (!isDefined(slope)) return slope;
  const { series, benchmark } = input;
  const { riskFreePerPeriod, periodsPerYear } = series;
  const perPeriod = series.moments.mean - riskFreePerPeriod - slope * (benchmark.moments.mean - riskFreePerPeriod);
  if (perPeriod < -1) return undefinedBecause('the alpha of one period is below -1: it does not compound to a year');
  return (1 + perPeriod) ** periodsPerYear - 1;
}

/** Mean active return over its standard deviation, of one period. */
function activeRatio({ active }: BenchmarkedReturns): Figure {
  return fromAtLeast(2, active.length, 'returns', () => {
    const deviation = standardDeviation(momentsOf(active));
    return deviation <= NO_DISPERSION ? undefinedBecause(ALWAYS_THE_SAME) : mean(active) / deviation;
  });
}

function correlation({ series, benchmark }: BenchmarkedReturns): Figure {
  return fromAtLeast(2, series.n, 'returns', () => {
    if (standardDeviation(benchmark.moments) <= NO_DISPERSION) return undefinedBecause(NOTHING_MOVED);
    if (standardDeviation(series.moments) <= NO_DISPERSION) return undefinedBecause('all returns are equal');
    return sumOfProducts(series, benchmark) / Math.sqrt(series.moments.squares * benchmark.moments.squares);
  });
}

/** Annual return over the benchmark's, both of the periods that `keep` keeps. */
function capture({ series, benchmark }: BenchmarkedReturns, keep?: (benchmarkReturn: number) => boolean): Figure {
  const kept = (of: ReturnSeries): ReturnSeries =>
    keep === undefined
      ? of
      : describeReturns(
          of.returns.filter((_, i) => keep(benchmark.returns[i]!)),
          of,
        );
  const [ours, theirs] = [annualReturn(kept(series)), annualReturn(kept(benchmark))];
  if (!isDefined(theirs)) return undefinedBecause('the benchmark has no such period with an annual return');
  return isDefined(ours) ? quotient(ours, theirs, 'the annual return of the benchmark is 0') : ours;
}

/** How the returns compare with a benchmark: buy and hold, or any series. */
export const BENCHMARK_METRICS: readonly Metric<BenchmarkedReturns>[] = [
  {
    name: 'alpha',
    unit: 'ratio/year',
    definition: '(1 + mean(r - rf - beta (b - rf)))^A - 1',
    compute: alpha,
  },
  { name: 'beta', unit: 'number', definition: 'cov(r, b) / var(b)', compute: beta },
  {
    name: 'excessSharpe',
    unit: 'number',
    definition: 'mean(r - b) / std(r - b, ddof 1), of one period',
    compute: activeRatio,
  },
  {
    name: 'informationRatio',
    unit: 'number',
    definition: '`excessSharpe` x sqrt(A)',
    compute: (input) => {
      const ratio = activeRatio(input);
      return isDefined(ratio) ? ratio * Math.sqrt(input.series.periodsPerYear) : ratio;
    },
  },
  {
    name: 'trackingError',
    unit: 'ratio/year',
    definition: 'std(r - b, ddof 1) x sqrt(A)',
    compute: ({ active, series }) =>
      fromAtLeast(2, active.length, 'returns', () => {
        return standardDeviation(momentsOf(active)) * Math.sqrt(series.periodsPerYear);
      }),
  },
  {
    name: 'correlation',
    unit: 'number',
    definition: 'cov(r, b) / (std(r) std(b))',
    compute: correlation,
  },
  {
    name: 'capture',
    unit: 'ratio',
    definition: 'annual return / annual return of the benchmark, both by the count of periods',
    compute: (input) => capture(input),
  },
  {
    name: 'upCapture',
    unit: 'ratio',
    definition: '`capture` of the periods in which the benchmark rose',
    compute: (input) => capture(input, (value) => value > 0),
  },
  {
    name: 'downCapture',
    unit: 'ratio',
    definition: '`capture` of the periods in which the benchmark fell; above 1 loses more than the benchmark',
    compute: (input) => capture(input, (value) => value < 0),
  },
  {
    name: 'benchmarkReturn',
    unit: 'ratio',
    definition: 'product of (1 + b) - 1',
    compute: ({ benchmark }) => fromAtLeast(1, benchmark.n, 'returns', () => benchmark.growth - 1),
  },
  {
    name: 'benchmarkAnnualReturn',
    unit: 'ratio/year',
    definition: '`annualReturn` of the benchmark',
    compute: ({ benchmark }) => annualReturn(benchmark),
  },
  {
    name: 'benchmarkSharpeRatio',
    unit: 'number',
    definition: '`sharpeRatio` of the benchmark',
    compute: ({ benchmark }) => {
      const sharpe = sharpePerPeriod(benchmark);
      return isDefined(sharpe) ? sharpe * Math.sqrt(benchmark.periodsPerYear) : sharpe;
    },
  },
];

import { BENCHMARK_METRICS, benchmarked } from '../metrics/benchmark-metrics.ts';
import { calcMetrics } from '../metrics/calc-metrics.ts';
import { computeMetrics, type Metrics } from '../metrics/metric.ts';
import { type Annualisation, describeReturns } from '../metrics/return-series.ts';

/** Two series of returns side by side. */
export interface BenchmarkComparison {
  /** Metrics of each alone, under the same names. */
  readonly series: Metrics;
  readonly benchmark: Metrics;
  /** Alpha, beta, capture, information ratio and what else needs both. */
  readonly relative: Metrics;
}

/** Compares returns with those of a benchmark for the same periods. Throws a `RangeError` when they are not equally many. */
export function compareWithBenchmark(
  returns: Float64Array,
  benchmark: Float64Array,
  annualisation: Annualisation,
): BenchmarkComparison {
  const [ours, theirs] = [describeReturns(returns, annualisation), describeReturns(benchmark, annualisation)];
  return {
    series: calcMetrics({ returns, ...annualisation }),
    benchmark: calcMetrics({ returns: benchmark, ...annualisation }),
    relative: computeMetrics(BENCHMARK_METRICS, benchmarked(ours, theirs)),
  };
}

/** Equity of buying for all the cash at the first price, in parts of units and without costs, and holding. */
export function buyAndHold(prices: Float64Array, cash: number): Float64Array {
  const first = prices[0];
  if (first !== undefined && !(first > 0)) throw new RangeError(`the first price is ${first}: give prices above 0`);
  return prices.map((price) => (cash * price) / first!);
}

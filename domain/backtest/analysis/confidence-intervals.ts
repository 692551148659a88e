import { type Figure, isDefined, quotient, type Undefined, undefinedBecause } from '../metrics/figure.ts';
import { mean, type Moments, momentsOf, NO_DISPERSION, standardDeviation } from '../metrics/moments.ts';
import type { Annualisation } from '../metrics/return-series.ts';
import { type BootstrapOptions, bcaInterval, type Statistic } from './bca-interval.ts';
import { drawdownInterval } from './drawdown-interval.ts';
import { checkedLevel, type Interval, normalInterval } from './interval.ts';
import { gainsAndLosses, meansWithoutEach, momentsWithoutEach, profitFactorsWithoutEach } from './leave-one-out.ts';

/** What the intervals are of. */
export interface IntervalInput extends Annualisation, Omit<BootstrapOptions, 'resamples'> {
  /** Ratios of equal periods, of days in a backtest. */
  readonly returns: Float64Array;
  /** Net profit of each closed trade, in money. */
  readonly tradePnl: Float64Array;
  /** The same as a ratio of the value at entry. */
  readonly tradeReturns: Float64Array;
  /** How often a sample of so many values is drawn; 9,999 times by default. */
  readonly resamples?: (values: number) => number;
}

/** By the name of the metric. */
export interface ConfidenceIntervals {
  readonly intervals: Readonly<Record<string, Interval | null>>;
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * From so many values on nothing is drawn: skewness shifts the ends of a normal interval by skewness / (6 sqrt(n)) standard errors, and
 * drawing costs the number of values each time.
 */
const MANY_VALUES = 10_000;

/**
 * Confidence intervals of the figures that decisions hang on. Each draws with the same seed from a stream of its own. Periods and trades
 * are drawn as if independent (BCa; normal from 10,000 values on), but for the drawdown, whose periods are drawn in blocks.
 */
export function confidenceIntervals(input: IntervalInput): ConfidenceIntervals {
  const { returns, tradePnl, tradeReturns, periodsPerYear, riskFreeRate = 0, seed } = input;
  const riskFree = (1 + riskFreeRate) ** (1 / periodsPerYear) - 1;
  const level = checkedLevel(input.level);
  const options = (values: number): BootstrapOptions => ({
    seed,
    level,
    resamples: input.resamples?.(values) ?? 9_999,
  });
  const ofValues = (
    sample: Float64Array,
    statistic: Statistic,
    leftOut: (sample: Float64Array) => Float64Array,
  ): Interval | Undefined => {
    if (sample.length < MANY_VALUES) return bcaInterval(sample, statistic, options(sample.length), leftOut);
    const estimate = statistic(sample);
    return isDefined(estimate) ? normalInterval(estimate, leftOut(sample), level) : estimate;
  };
  const sharpe = (deviation: number, average: number): Figure => {
    if (!(deviation > NO_DISPERSION)) return undefinedBecause('all returns are equal: their standard deviation is 0');
    return ((average - riskFree) / deviation) * Math.sqrt(periodsPerYear);
  };
  const found: readonly (readonly [name: string, interval: Interval | Undefined])[] = [
    [
      'sharpeRatio',
      ofValues(
        returns,
        (sample) => {
          const moments = momentsOf(sample);
          return sharpe(standardDeviation(moments), moments.mean);
        },
        (sample) =>
          momentsWithoutEach(sample, ({ n, mean: average, squares }: Pick<Moments, 'n' | 'mean' | 'squares'>) =>
            sharpe(Math.sqrt(squares / (n - 1)), average),
          ),
      ),
    ],
    ['meanReturn', ofValues(returns, mean, meansWithoutEach)],
    ['maxDrawdown', drawdownInterval(returns, options(returns.length))],
    ['profitFactor', ofValues(tradePnl, profitFactor, profitFactorsWithoutEach)],
    ['expectancyRatio', ofValues(tradeReturns, mean, meansWithoutEach)],
  ];
  const intervals: Record<string, Interval | null> = {};
  const reasons: Record<string, string> = {};
  for (const [name, interval] of found) {
    intervals[name] = 'reason' in interval ? null : interval;
    if ('reason' in interval) reasons[name] = interval.reason;
  }
  return { intervals, reasons };
}

function profitFactor(pnl: Float64Array): Figure {
  const { won, lost } = gainsAndLosses(pnl);
  return quotient(won, lost, 'no trade lost');
}

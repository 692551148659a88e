import { maxDrawdownOf } from '../metrics/drawdown.ts';
import { type Figure, quotient, type Undefined, undefinedBecause } from '../metrics/figure.ts';
import { mean, momentsOf, NO_DISPERSION, standardDeviation } from '../metrics/moments.ts';
import { type Annualisation, wealthOf } from '../metrics/return-series.ts';
import { type BootstrapOptions, bcaInterval, type Interval } from './bca-interval.ts';

/** What the intervals are of. */
export interface IntervalInput extends Annualisation, BootstrapOptions {
  /** Ratios of equal periods, of days in a backtest. */
  readonly returns: Float64Array;
  /** Net profit of each closed trade, in money. */
  readonly tradePnl: Float64Array;
  /** The same as a ratio of the value at entry. */
  readonly tradeReturns: Float64Array;
}

/** By the name of the metric. */
export interface ConfidenceIntervals {
  readonly intervals: Readonly<Record<string, Interval | null>>;
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * Confidence intervals of the figures that decisions hang on. Each draws with the same seed from a stream of its own. Periods and trades
 * are drawn as if independent. A drawdown is made by the order, which drawing undoes: where losses came in rows the interval of
 * `maxDrawdown` can lie beside the estimate or be not defined, and `simulateReturns`, which keeps rows together, tells more.
 */
export function confidenceIntervals(input: IntervalInput): ConfidenceIntervals {
  const { returns, tradePnl, tradeReturns, periodsPerYear, riskFreeRate = 0 } = input;
  const riskFree = (1 + riskFreeRate) ** (1 / periodsPerYear) - 1;
  const found: readonly (readonly [name: string, interval: Interval | Undefined])[] = [
    ['sharpeRatio', bcaInterval(returns, (sample) => sharpe(sample, riskFree, periodsPerYear), input)],
    ['meanReturn', bcaInterval(returns, mean, input)],
    ['maxDrawdown', bcaInterval(returns, (sample) => maxDrawdownOf(wealthOf(sample)), input)],
    ['profitFactor', bcaInterval(tradePnl, profitFactor, input)],
    ['expectancyRatio', bcaInterval(tradeReturns, mean, input)],
  ];
  const intervals: Record<string, Interval | null> = {};
  const reasons: Record<string, string> = {};
  for (const [name, interval] of found) {
    intervals[name] = 'reason' in interval ? null : interval;
    if ('reason' in interval) reasons[name] = interval.reason;
  }
  return { intervals, reasons };
}

function sharpe(sample: Float64Array, riskFreePerPeriod: number, periodsPerYear: number): Figure {
  const moments = momentsOf(sample);
  const deviation = standardDeviation(moments);
  if (!(deviation > NO_DISPERSION)) return undefinedBecause('all returns are equal: their standard deviation is 0');
  return ((moments.mean - riskFreePerPeriod) / deviation) * Math.sqrt(periodsPerYear);
}

function profitFactor(pnl: Float64Array): Figure {
  let [won, lost] = [0, 0];
  for (const value of pnl) {
    if (value > 0) won += value;
    else lost -= value;
  }
  return quotient(won, lost, 'no trade lost');
}

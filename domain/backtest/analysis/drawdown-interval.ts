import { maxDrawdownOf } from '../metrics/drawdown.ts';
import { type Undefined, undefinedBecause } from '../metrics/figure.ts';
import { momentsOf, standardDeviation } from '../metrics/moments.ts';
import { percentile } from '../metrics/percentile.ts';
import { wealthOf } from '../metrics/return-series.ts';
import type { BootstrapOptions } from './bca-interval.ts';
import { checkedLevel, type Interval } from './interval.ts';
import { drawReturns } from './monte-carlo.ts';

/** An interval of a maximum drawdown. */
export interface DrawdownInterval extends Interval {
  readonly method: 'block-bootstrap';
  /** Series that were drawn. */
  readonly resamples: number;
}

/**
 * The middle `level` of the largest drawdowns of series drawn from the returns in blocks of random length (Politis and Romano 1994, mean
 * length the cube root of their number). A drawdown is made by what follows on what, so single returns must not be drawn. No correction
 * for bias: a drawdown has a skewed distribution and a bound at 0, and one that history made of one long fall can lie above it all.
 */
export function drawdownInterval(returns: Float64Array, options: BootstrapOptions): DrawdownInterval | Undefined {
  const level = checkedLevel(options.level);
  const drawn = drawReturns(
    returns,
    { kind: 'stationary' },
    { seed: options.seed, paths: options.resamples ?? 9_999, start: 1 },
  );
  if ('reason' in drawn) return drawn;
  const sorted = drawn.maxDrawdown.toSorted();
  if (sorted[0] === sorted.at(-1)) {
    return undefinedBecause('every series that was drawn falls as deep: nothing is known of its spread');
  }
  return {
    method: 'block-bootstrap',
    estimate: maxDrawdownOf(wealthOf(returns)),
    low: percentile(sorted, (1 - level) / 2),
    high: percentile(sorted, (1 + level) / 2),
    level,
    resamples: sorted.length,
    standardError: standardDeviation(momentsOf(sorted)),
  };
}

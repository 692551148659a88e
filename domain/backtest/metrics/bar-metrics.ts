import { type Figure, fromAtLeast, quotient, type Undefined, undefinedBecause } from './figure.ts';
import type { Metric } from './metric.ts';
import { NO_DISPERSION } from './moments.ts';
import { ALL_EQUAL, NO_LOSS } from './return-metrics.ts';
import type { Annualisation } from './return-series.ts';

/** What the returns of single bars come to. */
export interface BarReturns {
  readonly n: number;
  readonly mean: number;
  /** Sum of squared distances from the mean. */
  readonly squares: number;
  /** Sum of squared shortfalls below the risk-free rate of a bar. */
  readonly shortfallSquares: number;
  readonly barsPerYear: number;
  readonly riskFreePerBar: number;
}

const BLOCK = 1024;

/**
 * Adds up the returns of bars in one pass over the equity and without room for the returns themselves: there may be ten million.
 * `equity[0]` gives way to `start`. Not defined when a value other than the last is 0 or less.
 *
 * Squares are taken about the mean of the first thousand returns and moved to the mean of all at the end. What that loses in digits is
 * bounded by the share of the first thousand in all: the shift is large beside the deviation only if all others hardly differ.
 */
export function barReturns(
  equity: Float64Array,
  start: number,
  { periodsPerYear: barsPerYear, riskFreeRate = 0 }: Annualisation,
): BarReturns | Undefined {
  const n = Math.max(0, equity.length - 1);
  const riskFreePerBar = (1 + riskFreeRate) ** (1 / barsPerYear) - 1;
  const centre = meanOfFirst(Math.min(n, BLOCK), equity, start);
  let total = 0;
  let squares = 0;
  let shortfallSquares = 0;
  let before = start;
  for (let from = 1; from <= n; from += BLOCK) {
    const to = Math.min(from + BLOCK, n + 1);
    let block = 0;
    for (let bar = from; bar < to; bar++) {
      if (!(before > 0)) return undefinedBecause(`the equity fell to ${before}: there is no return on it`);
      const value = equity[bar]!;
      const change = value / before - 1;
      before = value;
      const distance = change - centre;
      block += distance;
      squares += distance * distance;
      // Without a branch: gains and losses follow each other as no processor can foresee.
      const excess = change - riskFreePerBar;
      const shortfall = excess - Math.abs(excess);
      shortfallSquares += shortfall * shortfall;
    }
    total += block;
  }
  return {
    n,
    mean: centre + total / n,
    squares: Math.max(0, squares - (total * total) / n),
    shortfallSquares: shortfallSquares / 4, // what was squared is twice the shortfall, or 0
    barsPerYear,
    riskFreePerBar,
  };
}

function meanOfFirst(count: number, equity: Float64Array, start: number): number {
  let total = 0;
  for (let bar = 1; bar <= count; bar++) total += equity[bar]! / (bar === 1 ? start : equity[bar - 1]!) - 1;
  return Number.isFinite(total) && count > 0 ? total / count : 0;
}

/** `figure` of the standard deviation, which is 0 where it is but rounding. */
const ofDeviation = (bars: BarReturns, figure: (deviation: number) => Figure): Figure =>
  fromAtLeast(2, bars.n, 'returns', () => {
    const deviation = Math.sqrt(bars.squares / (bars.n - 1));
    return figure(deviation <= NO_DISPERSION ? 0 : deviation);
  });

/** Metrics of the returns of single bars, beside those of days. */
export const BAR_METRICS: readonly Metric<BarReturns>[] = [
  {
    name: 'perBarPeriodsPerYear',
    unit: 'number',
    definition: 'bars a year: A x bars of a day; with sessions A x returns of bars / returns of days',
    compute: ({ barsPerYear }) => barsPerYear,
  },
  {
    name: 'perBarMeanReturn',
    unit: 'ratio',
    definition: 'mean return of a bar',
    compute: ({ n, mean }) => fromAtLeast(1, n, 'returns', () => mean),
  },
  {
    name: 'perBarStandardDeviation',
    unit: 'ratio',
    definition: 'std(return of a bar, ddof 1), not annualised',
    compute: (bars) => ofDeviation(bars, (value) => value),
  },
  {
    name: 'perBarAnnualVolatility',
    unit: 'ratio/year',
    definition: '`annualVolatility` of the returns of bars',
    compute: (bars) => ofDeviation(bars, (value) => value * Math.sqrt(bars.barsPerYear)),
  },
  {
    name: 'perBarSharpeRatio',
    unit: 'number',
    definition: '`sharpeRatio` of the returns of bars',
    compute: (bars) =>
      ofDeviation(bars, (value) =>
        quotient((bars.mean - bars.riskFreePerBar) * Math.sqrt(bars.barsPerYear), value, ALL_EQUAL),
      ),
  },
  {
    name: 'perBarSortinoRatio',
    unit: 'number',
    definition: '`sortinoRatio` of the returns of bars',
    compute: ({ n, mean, shortfallSquares, barsPerYear, riskFreePerBar }) =>
      fromAtLeast(1, n, 'returns', () =>
        quotient((mean - riskFreePerBar) * Math.sqrt(barsPerYear), Math.sqrt(shortfallSquares / n), NO_LOSS),
      ),
  },
];

import { maxDrawdownOf } from '../metrics/drawdown.ts';
import { type Undefined, undefinedBecause } from '../metrics/figure.ts';
import { percentile } from '../metrics/percentile.ts';
import { checkedCount, type SeededRandom, seededRandom } from './seeded-random.ts';

export interface MonteCarloOptions {
  readonly seed: number;
  /** Paths that are drawn; 1,000 by default. */
  readonly paths?: number;
  /** Capital at the start, in money. */
  readonly start: number;
}

/** How values of a path are drawn. */
export type ReturnSampling =
  /** Blocks of random length (geometric with this mean), which keeps the series stationary (Politis and Romano 1994). */
  | { readonly kind: 'stationary'; readonly meanBlock?: number }
  /** Blocks of one length, wrapping round the end (Politis and Romano 1992). */
  | { readonly kind: 'block'; readonly length?: number };

export interface Percentiles {
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
}

/** What came of the paths. */
export interface MonteCarloResult {
  readonly paths: number;
  /** In money. */
  readonly finalEquity: Percentiles;
  /** Ratios of the peak, above 1 where the equity fell below 0. */
  readonly maxDrawdown: Percentiles;
  /** Share of the paths that end below the start. */
  readonly probabilityOfLoss: number;
  /** Share of the paths whose equity reached 0 or less. */
  readonly probabilityOfRuin: number;
}

/**
 * Trades in another order: `shuffle` keeps each of them once, so only the way to the same final equity changes; `resample` draws them
 * with replacement. The profits are taken in money, as they were: a size that would have followed the equity is not worked out anew.
 */
export function simulateTrades(
  pnl: Float64Array,
  kind: 'shuffle' | 'resample',
  options: MonteCarloOptions,
): MonteCarloResult | Undefined {
  if (pnl.length < 2) return undefinedBecause(`it needs at least 2 closed trades, there are ${pnl.length}`);
  const order = pnl.slice();
  const drawn = drawPaths(pnl.length, options, (path, random) => {
    if (kind === 'shuffle') shuffle(order, random);
    else for (let i = 0; i < order.length; i++) order[i] = pnl[random.quickIndex(pnl.length)]!;
    for (let i = 0; i < order.length; i++) path[i + 1] = path[i]! + order[i]!;
  });
  return summed(drawn, options.start);
}

/** Returns drawn in blocks, so that what follows on each other (volatility, rows of losses) stays together, compounded. */
export function simulateReturns(
  returns: Float64Array,
  sampling: ReturnSampling,
  options: MonteCarloOptions,
): MonteCarloResult | Undefined {
  const drawn = drawReturns(returns, sampling, options);
  return 'reason' in drawn ? drawn : summed(drawn, options.start);
}

/** What came of each path, in the order of drawing. */
export interface DrawnPaths {
  /** In money. */
  readonly finalEquity: Float64Array;
  /** Ratios of the peak, above 1 where the equity fell below 0. */
  readonly maxDrawdown: Float64Array;
}

/** The paths of `simulateReturns`, one by one. */
export function drawReturns(
  returns: Float64Array,
  sampling: ReturnSampling,
  options: MonteCarloOptions,
): DrawnPaths | Undefined {
  const n = returns.length;
  if (n < 2) return undefinedBecause(`it needs at least 2 returns, there are ${n}`);
  const given = sampling.kind === 'stationary' ? sampling.meanBlock : sampling.length;
  // The rate at which the best length grows; without an estimate of the dependence there is no better general choice.
  const block = given ?? Math.max(1, Math.round(Math.cbrt(n)));
  if (!(block >= 1 && block <= n && (sampling.kind === 'stationary' || Number.isInteger(block)))) {
    throw new RangeError(`the length of a block is ${block}: give a number from 1 to ${n}, the number of returns`);
  }
  return drawPaths(n, options, (path, random) => {
    let at = 0;
    let left = 0;
    for (let i = 0; i < n; i++) {
      const isNewBlock = sampling.kind === 'stationary' ? i === 0 || random.next() * block < 1 : left === 0;
      if (isNewBlock) {
        at = random.quickIndex(n);
        left = block;
      }
      path[i + 1] = path[i]! * (1 + returns[at]!);
      at = at + 1 === n ? 0 : at + 1;
      left -= 1;
    }
  });
}

/** Draws the paths. `draw` fills in the path after its first value, which is the start. */
function drawPaths(
  steps: number,
  options: MonteCarloOptions,
  draw: (path: Float64Array, random: SeededRandom) => void,
): DrawnPaths {
  const paths = checkedCount('paths', options.paths ?? 1_000);
  if (!(options.start > 0)) throw new RangeError(`the start is ${options.start}: give an amount above 0`);
  const random = seededRandom(options.seed);
  const path = new Float64Array(steps + 1);
  path[0] = options.start;
  const finalEquity = new Float64Array(paths);
  const maxDrawdown = new Float64Array(paths);
  for (let i = 0; i < paths; i++) {
    draw(path, random);
    finalEquity[i] = path[steps]!;
    maxDrawdown[i] = maxDrawdownOf(path);
  }
  return { finalEquity, maxDrawdown };
}

function summed({ finalEquity, maxDrawdown }: DrawnPaths, start: number): MonteCarloResult {
  const paths = finalEquity.length;
  const shareOf = (values: Float64Array, isMeant: (value: number) => boolean): number => {
    let count = 0;
    for (const value of values) if (isMeant(value)) count += 1;
    return count / paths;
  };
  return {
    paths,
    finalEquity: percentilesOf(finalEquity),
    maxDrawdown: percentilesOf(maxDrawdown),
    probabilityOfLoss: shareOf(finalEquity, (value) => value < start),
    probabilityOfRuin: shareOf(maxDrawdown, (depth) => depth >= 1),
  };
}

function percentilesOf(values: Float64Array): Percentiles {
  const sorted = values.toSorted();
  const at = (q: number): number => percentile(sorted, q);
  return { p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) };
}

/** Fisher and Yates: every order is equally likely. */
function shuffle(values: Float64Array, random: SeededRandom): void {
  for (let i = values.length - 1; i > 0; i--) {
    const other = random.quickIndex(i + 1);
    const value = values[i]!;
    values[i] = values[other]!;
    values[other] = value;
  }
}

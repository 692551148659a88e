/** One time below a peak. Bars are positions in the equity curve. */
export interface Drawdown {
  /** The last bar at the old peak. */
  readonly peakBar: number;
  /** The deepest bar, the first of equals. */
  readonly troughBar: number;
  /** The bar that regained the peak; `null` when the curve ended before. */
  readonly recoveryBar: number | null;
  /** 1 - trough / peak: positive, above 1 when the equity fell below 0. */
  readonly depth: number;
}

/** The drawdowns of an equity curve, summed up. */
export interface DrawdownScan {
  readonly count: number;
  /** The deepest, the first of equals; `null` when the curve never fell. */
  readonly deepest: Drawdown | null;
  readonly depthSum: number;
  /** From the peak to the bar that regains it, or to the end of the curve. */
  readonly barsSum: number;
  readonly maxBars: number;
  /** The same in milliseconds; `null` without the times of the bars. */
  readonly msSum: number | null;
  readonly maxMs: number | null;
  /** Longest run of bars below the peak, the peak and the recovery not counted. */
  readonly maxUnderwaterBars: number;
  /** Bars 1 to the last, and the sum of their squared depths. */
  readonly bars: number;
  readonly squares: number;
  /** Highest value of the curve, the start included. */
  readonly peak: number;
}

export interface DrawdownOptions {
  /** Capital before the first bar closed, the first peak: so a loss on the first bar counts. By default the first value. */
  readonly start?: number;
  /** Time of each bar, in milliseconds. */
  readonly times?: Float64Array;
  /** Told each drawdown as it ends, in order of time. */
  readonly onDrawdown?: (drawdown: Drawdown) => void;
}

/**
 * Finds the drawdowns of `equity`, the values at the closes of successive bars, in one pass. Throws a `RangeError` when the start is
 * not above 0: there is nothing that the fall could be a share of.
 */
export function scanDrawdowns(equity: Float64Array, options: DrawdownOptions = {}): DrawdownScan {
  const { start = equity[0] ?? 1, times, onDrawdown } = options;
  if (!(start > 0)) throw new RangeError(`the capital at the start is ${start}: give a number above 0`);
  const last = equity.length - 1;
  let peak = start;
  let peakBar = 0;
  let depth = 0;
  let troughBar = 0;
  let firstBelow = 0;
  let deepest: Drawdown | null = null;
  let [count, depthSum, barsSum, maxBars, msSum, maxMs, maxUnderwaterBars, squares] = [0, 0, 0, 0, 0, 0, 0, 0];

  const end = (recoveryBar: number | null): void => {
    count += 1;
    depthSum += depth;
    const endBar = recoveryBar ?? last;
    barsSum += endBar - peakBar;
    maxBars = Math.max(maxBars, endBar - peakBar);
    if (times !== undefined) {
      const ms = times[endBar]! - times[peakBar]!;
      msSum += ms;
      maxMs = Math.max(maxMs, ms);
    }
    maxUnderwaterBars = Math.max(maxUnderwaterBars, (recoveryBar ?? equity.length) - firstBelow);
    const isDeepest = deepest === null || depth > deepest.depth;
    if (isDeepest || onDrawdown !== undefined) {
      const drawdown = { peakBar, troughBar, recoveryBar, depth };
      if (isDeepest) deepest = drawdown;
      onDrawdown?.(drawdown);
    }
    depth = 0;
  };

  for (let bar = 0; bar <= last; bar++) {
    const value = equity[bar]!;
    if (value >= peak) {
      if (depth > 0) end(bar);
      peak = value;
      peakBar = bar;
      continue;
    }
    const below = 1 - value / peak;
    if (depth === 0) firstBelow = bar;
    if (below > depth) {
      depth = below;
      troughBar = bar;
    }
    if (bar > 0) squares += below * below;
  }
  if (depth > 0) end(null);
  return {
    count,
    deepest,
    depthSum,
    barsSum,
    maxBars,
    msSum: times === undefined ? null : msSum,
    maxMs: times === undefined ? null : maxMs,
    maxUnderwaterBars,
    bars: Math.max(0, last),
    squares,
    peak,
  };
}

/** The largest fall of a curve as a ratio of the peak before it, 0 when it never fell: `scanDrawdowns` for inner loops. */
export function maxDrawdownOf(equity: Float64Array, start: number = equity[0] ?? 1): number {
  let peak = start;
  let worst = 0;
  for (let bar = 0; bar < equity.length; bar++) {
    const value = equity[bar]!;
    if (value > peak) peak = value;
    else if (1 - value / peak > worst) worst = 1 - value / peak;
  }
  return worst;
}

import type { DrawdownScan } from './drawdown.ts';
import { type Figure, quotient, undefinedBecause } from './figure.ts';
import type { Metric } from './metric.ts';

const NEVER_FELL = 'the equity never fell below an earlier peak';

const maxDrawdown = (scan: DrawdownScan): Figure => scan.deepest?.depth ?? 0;

/**
 * How far and how long the equity lay below its peaks, from the closes of all bars. Two of them exist under two names: as other programs
 * call them, and as the table of definitions does.
 */
export const DRAWDOWN_METRICS: readonly Metric<DrawdownScan>[] = [
  {
    name: 'maxDrawdown',
    unit: 'ratio',
    definition: 'max(1 - E / running maximum of E), the starting capital in the running maximum',
    compute: maxDrawdown,
  },
  {
    name: 'maxDrawdownInclStart',
    unit: 'ratio',
    definition: '`maxDrawdown` by the name that says that the starting capital is counted',
    compute: maxDrawdown,
  },
  {
    name: 'avgDrawdown',
    unit: 'ratio',
    definition: 'mean depth over all drawdowns, one that lasts to the end included',
    compute: (scan) => quotient(scan.depthSum, scan.count, NEVER_FELL),
  },
  {
    name: 'drawdowns',
    unit: 'count',
    definition: 'times that the equity fell below its peak',
    compute: (scan) => scan.count,
  },
  {
    name: 'maxDrawdownBars',
    unit: 'bars',
    definition: 'longest drawdown, from the peak bar to the bar that regains it, or to the end',
    compute: (scan) => (scan.count === 0 ? undefinedBecause(NEVER_FELL) : scan.maxBars),
  },
  {
    name: 'avgDrawdownBars',
    unit: 'bars',
    definition: 'mean length of all drawdowns, from the peak bar to the bar that regains it, or to the end',
    compute: (scan) => quotient(scan.barsSum, scan.count, NEVER_FELL),
  },
  {
    name: 'maxUnderwaterBars',
    unit: 'bars',
    definition: 'longest run of bars below the peak; neither the peak nor the recovery counts',
    compute: (scan) => scan.maxUnderwaterBars,
  },
  {
    name: 'ulcerIndexPctRmsN',
    unit: 'percent',
    definition: 'sqrt(mean of squared drawdowns in percent) over the n bars after the start',
    compute: (scan) => {
      if (scan.bars === 0) return undefinedBecause('there is no bar after the start');
      return 100 * Math.sqrt(scan.squares / scan.bars);
    },
  },
];

/** The lengths of drawdowns in time; the scan must have been given times. */
export const DRAWDOWN_TIME_METRICS: readonly Metric<DrawdownScan>[] = [
  {
    name: 'maxDrawdownMs',
    unit: 'ms',
    definition: 'longest drawdown in time, from the peak to the recovery, or to the end',
    compute: ({ count, maxMs }) => lengthInTime(count, maxMs),
  },
  {
    name: 'avgDrawdownMs',
    unit: 'ms',
    definition: 'mean length of all drawdowns in time, from the peak to the recovery, or to the end',
    compute: ({ count, msSum }) => lengthInTime(count, msSum === null ? null : msSum / count),
  },
];

function lengthInTime(count: number, ms: number | null): Figure {
  if (count === 0) return undefinedBecause(NEVER_FELL);
  return ms ?? undefinedBecause('the bars have no times');
}

import { timeframeMs } from '../../market/timeframe.ts';
import type { BacktestRun } from '../run.ts';
import type { DrawdownScan } from './drawdown.ts';
import { type Figure, isDefined, quotient, undefinedBecause } from './figure.ts';
import type { Metric } from './metric.ts';

/** A run with what is already known of it. */
export interface RunFacts {
  readonly run: BacktestRun;
  readonly drawdowns: DrawdownScan;
  /** Annual, as a ratio. */
  readonly riskFreeRate: number;
}

/** Average length of a year of the Gregorian calendar, leap years as they fall. */
const YEAR_MS = 365.25 * 86_400_000;

const finalEquity = ({ run }: RunFacts): number => run.equity.at(-1) ?? run.initialCash;

/** Time from the close of the first bar to that of the last. */
function elapsedMs({ run }: RunFacts): number {
  return run.times.length === 0 ? 0 : run.times.at(-1)! - run.times[0]!;
}

function cagr(facts: RunFacts): Figure {
  const growth = finalEquity(facts) / facts.run.initialCash;
  if (elapsedMs(facts) === 0) return undefinedBecause('no time passed between the first bar and the last');
  if (growth < 0) return undefinedBecause('more than the whole capital was lost');
  return growth ** (YEAR_MS / elapsedMs(facts)) - 1;
}

function ulcer({ drawdowns }: RunFacts): number {
  return drawdowns.bars === 0 ? 0 : Math.sqrt(drawdowns.squares / drawdowns.bars);
}

/** Metrics of a run as a whole; money in quote currency. */
export const RUN_METRICS: readonly Metric<RunFacts>[] = [
  {
    name: 'bars',
    unit: 'bars',
    definition: 'bars that were traded; warm-up is not among them',
    compute: ({ run }) => run.times.length,
  },
  { name: 'elapsedMs', unit: 'ms', definition: 'time from the first traded bar to the last', compute: elapsedMs },
  {
    name: 'startTime',
    unit: 'time',
    definition: 'close of the first traded bar',
    compute: (facts) => closeOf(facts, 0),
  },
  { name: 'endTime', unit: 'time', definition: 'close of the last traded bar', compute: (facts) => closeOf(facts, -1) },
  { name: 'startEquity', unit: 'money', definition: 'starting capital', compute: ({ run }) => run.initialCash },
  {
    name: 'finalEquity',
    unit: 'money',
    definition: 'equity at the last close, open trades at that price',
    compute: finalEquity,
  },
  {
    name: 'peakEquity',
    unit: 'money',
    definition: 'highest equity at a close',
    compute: ({ drawdowns }) => drawdowns.peak,
  },
  {
    name: 'totalReturn',
    unit: 'ratio',
    definition: 'final equity / starting capital - 1',
    compute: (facts) => finalEquity(facts) / facts.run.initialCash - 1,
  },
  {
    name: 'cagr',
    unit: 'ratio/year',
    definition: '(final equity / starting capital)^(1 / years) - 1, years = elapsed days / 365.25: by the calendar',
    compute: cagr,
  },
  {
    name: 'martinRatio',
    unit: 'number',
    definition: '(cagr - rf) / ulcer index as a ratio; also called UPI',
    compute: (facts) => {
      const growth = cagr(facts);
      return isDefined(growth) ? quotient(growth - facts.riskFreeRate, ulcer(facts), 'there is no drawdown') : growth;
    },
  },
  {
    name: 'recoveryFactor',
    unit: 'number',
    definition: 'total return / `maxDrawdown`',
    compute: (facts) =>
      quotient(
        finalEquity(facts) / facts.run.initialCash - 1,
        facts.drawdowns.deepest?.depth ?? 0,
        'there is no drawdown',
      ),
  },
  {
    name: 'exposureRatio',
    unit: 'ratio',
    definition: 'bars during which anything was held at any moment / `bars`',
    compute: ({ run }) => quotient(run.exposureBars, run.times.length, 'no bar was traded'),
  },
  {
    name: 'openTrades',
    unit: 'count',
    definition: 'trades still open at the end; in no figure of trades',
    compute: ({ run }) => run.openTrades.length,
  },
  {
    name: 'openPnl',
    unit: 'money',
    definition: 'profit of the open trades at the last close, before what their exit will cost',
    compute: ({ run }) => run.openTrades.reduce((total, { pnl }) => total + pnl, 0),
  },
  {
    name: 'commission',
    unit: 'money',
    definition: 'commission paid in all, that of open trades included',
    compute: ({ run }) => run.commission,
  },
  {
    name: 'ordersSubmitted',
    unit: 'count',
    definition: 'orders that the strategy sent',
    compute: ({ run }) => run.orders.submitted,
  },
  {
    name: 'ordersRefused',
    unit: 'count',
    definition: 'orders that were refused',
    compute: ({ run }) => run.orders.refused,
  },
];

function closeOf({ run }: RunFacts, at: number): Figure {
  const open = run.times.at(at);
  return open === undefined ? undefinedBecause('no bar was traded') : open + timeframeMs(run.timeframe);
}

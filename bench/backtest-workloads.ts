import type { PeerCase, Workload } from './workload.ts';

const GRID = { first: 2, last: 100, fee: 0.001, cash: 100 };
const PAIRS = 4_851;
const GRID_COLUMNS = ['totalReturn', 'sharpeRatio', 'maxDrawdown', 'trades'];

/** A hundredth of the cash a trade: costs of a hundred thousand trades with all of it leave nothing to compare. */
const RUN = { fast: 20, slow: 50, fee: 0.0005, cash: 100, share: 0.01 };
const MINUTES_OF_A_YEAR = 365 * 24 * 60;

const REVERSE_PAIRS = 95;
const REVERSE_COLUMNS = ['finalEquity', 'maxDrawdown', 'trades'];

const EVENTS = { fee: 0.0005, cash: 1_000_000, fast: 20, slow: 50, loss: 0.005, gain: 0.01 };
const UNITS = 10;
const TRADE_COLUMNS = ['entryBar', 'exitBar', 'entryPrice', 'exitPrice', 'size', 'pnl'];

const peer = (name: string, file: string, call: string, options: PeerCase['options']): PeerCase => ({
  name,
  case: `${file}/${call}`,
  options,
});

/** The grid that everything else is judged by. */
export const SMA_GRID: Workload = {
  name: 'sma-grid',
  title: 'SMA crosses, all 4,851 pairs of windows 2 to 100: return, Sharpe ratio, drawdown, trades; one thread',
  unit: 'combos/s',
  bars: 'days',
  amount: PAIRS,
  ours: { case: 'cross-grid', options: GRID },
  peers: [peer('vectorbt', 'vectorbt_cases', 'sma_grid', GRID), peer('raptorbt', 'raptorbt_cases', 'sma_grid', GRID)],
  columns: GRID_COLUMNS,
  tolerance: 1e-9,
};

const REVERSE_GRID: Workload = {
  name: 'reverse-grid',
  title: 'SMA crosses, always in the market, 95 pairs, whole units at the next open: signal kernel',
  unit: 'combos/s',
  bars: 'days',
  amount: REVERSE_PAIRS,
  ours: { case: 'reverse-grid', options: {} },
  peers: [peer('backtesting', 'backtesting_cases', 'reverse_grid', {})],
  columns: REVERSE_COLUMNS,
  tolerance: 1e-9,
};

const LONG_RUN: Workload = {
  name: 'long-run',
  title: 'SMA 20/50 over 10,000,000 bars with the full summary, returns of bars',
  unit: 'ms',
  bars: 'minutes-10m',
  amount: 1,
  ours: { case: 'cross-run', options: { ...RUN, periodsPerYear: MINUTES_OF_A_YEAR } },
  peers: [
    peer('vectorbt', 'vectorbt_cases', 'sma_run', { ...RUN, frequency: '1min' }),
    peer('raptorbt', 'raptorbt_cases', 'sma_run', { ...RUN, periods_per_year: MINUTES_OF_A_YEAR }),
  ],
  columns: GRID_COLUMNS,
  tolerance: 1e-9,
};

/** The grid without RaptorBT, whose process also holds the signals that are made for it, and the program that makes them. */
export const SMA_GRID_MEMORY: Workload = {
  ...SMA_GRID,
  peers: SMA_GRID.peers.filter(({ name }) => name !== 'raptorbt'),
};

/** Everything but memory and our other strategies, which are measured in their own way. */
export const BACKTEST_WORKLOADS: readonly Workload[] = [
  SMA_GRID,
  REVERSE_GRID,
  {
    ...REVERSE_GRID,
    name: 'reverse-grid-events',
    title: 'the same 95 pairs, each a run of the event engine with all metrics',
    ours: { case: 'reverse-runs', options: {} },
  },
  LONG_RUN,
  {
    ...LONG_RUN,
    name: 'long-run-daily',
    title: 'the same 10,000,000 bars with returns of days, as in our own summaries',
    ours: { case: 'cross-run', options: { ...RUN, periodsPerYear: 365, returns: 'daily' } },
    peers: [],
  },
  events('crossing', 'a strategy asked at every bar, market orders'),
  events('bracket', 'a strategy asked at every bar, each entry with stop loss and take profit'),
];

function events(strategy: string, title: string): Workload {
  const allCash = { ...EVENTS, strategy };
  // Whole units of a fixed number are what backtesting.py can do; RaptorBT is fast with shares of its cash only.
  const options = { ...allCash, units: UNITS };
  return {
    name: `events-${strategy}`,
    title: `event engine, 200,000 bars, with all metrics: ${title}`,
    unit: 'bars/s',
    bars: 'minutes-200k',
    amount: 1,
    ours: { case: 'event-run', options },
    peers: [
      peer('backtesting', 'backtesting_cases', 'event_run', options),
      { ...peer('raptorbt', 'raptorbt_cases', 'event_run', allCash), comparedWith: allCash },
    ],
    columns: TRADE_COLUMNS,
    tolerance: 1e-9,
  };
}

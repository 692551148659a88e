import type { Workload } from './workload.ts';

/** Threads of every program. */
export const THREADS = 2;

const COSTS = { fee: 0.0005, cash: 100 };
const COLUMNS = ['totalReturn', 'sharpeRatio', 'maxDrawdown', 'trades'];

/** A hundred fast windows and a hundred slow ones: 10,000 pairs. */
const WHOLE = { fast_first: 5, fast_last: 104, slow_first: 105, slow_last: 204, ...COSTS };
/** As many as vectorbt, which holds all equity curves at once, has memory for. */
const PART = { fast_first: 5, fast_last: 9, slow_first: 105, slow_last: 114, ...COSTS };
/** For compilers, before the clock counts. */
const FIRST = { fast_first: 5, fast_last: 6, slow_first: 105, slow_last: 106, ...COSTS };

/** A grid on threads of which one run takes long: it is measured in a new process, its memory with it. */
export interface GridWorkload extends Workload {
  /** Options of a small grid that every program does first. */
  readonly first: Workload['ours']['options'];
}

const grid = (
  name: string,
  options: typeof WHOLE,
  { peers, returns }: { readonly peers: readonly string[]; readonly returns: 'bars' | 'daily' },
): GridWorkload => {
  const amount = (options.fast_last - options.fast_first + 1) * (options.slow_last - options.slow_first + 1);
  return {
    name,
    title: `SMA crosses, ${amount} pairs on 200,000 bars, ${THREADS} threads: return, Sharpe ratio of ${returns === 'bars' ? 'bars' : 'days'}, drawdown, trades`,
    unit: 's',
    bars: 'minutes-200k-fine',
    amount: 1,
    ours: { case: 'threaded-grid', options: { ...options, threads: THREADS, returns } },
    peers: peers.map((peer) => ({ name: peer, case: `${peer}_cases/window_grid`, options: { ...options } })),
    columns: COLUMNS,
    tolerance: 1e-9,
    first: FIRST,
  };
};

/** The grid of 10,000 first; beside vectorbt there are 50, since more do not fit into memory. */
export const GRID_WORKLOADS: readonly GridWorkload[] = [
  grid('optimize-grid', WHOLE, { peers: ['raptorbt'], returns: 'bars' }),
  grid('optimize-grid-daily', WHOLE, { peers: [], returns: 'daily' }),
  grid('optimize-grid-50', PART, { peers: ['vectorbt', 'raptorbt'], returns: 'bars' }),
];

/** Spec of a search over average crosses on a file of bars. `stops` are variants of the stop loss, the third parameter. */
export function searchSpec(
  file: string,
  timeframe: string,
  { fast, slow, stops = 1 }: { readonly fast: number; readonly slow: number; readonly stops?: number },
): Record<string, unknown> {
  const stopLoss = { min: 0.01, max: 0.01 + 0.001 * (stops - 1), step: 0.001 };
  return {
    data: { file, symbol: 'BENCH', timeframe, stamp: 'open' },
    strategy: { id: 'sma-cross', params: {} },
    broker: { commission: 0.0005 },
    space: {
      fast: { min: 2, max: fast + 1, step: 1 },
      slow: { min: 110, max: 109 + slow, step: 1 },
      ...(stops === 1 ? {} : { stopLoss }),
    },
  };
}

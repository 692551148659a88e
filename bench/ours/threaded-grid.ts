import { ThreadPool } from '../../adapters/threads/thread-pool.ts';
import { gridColumns, prepareGrid } from '../../domain/backtest/kernel/prepare-grid.ts';
import { allocateCandles, type Candles } from '../../domain/market/candles.ts';
import type { GridThreadJob } from './grid-thread.ts';
import { numbersOf } from './options.ts';
import type { Case } from './prepared-case.ts';
import { gridInput, pairsOf, type WindowGrid } from './window-grid.ts';

const COLUMNS = 4;
const FIELDS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
const MAX_HEAP_MB = 2_048;
/** Fast windows at a time: their lines and those of all slow windows are in memory together. */
const FAST_WINDOWS = 25;
const NONE: ReadonlyMap<string, Float64Array> = new Map();

/**
 * A grid of average crosses on worker threads. Bars and lines lie in shared memory, each line computed once; starting the threads is
 * part of the work.
 */
export const threadedGrid: Case = (candles, options) => {
  const grid = windowGridOf(options);
  const { threads } = numbersOf(options, 'threads');
  const shared = sharedCopy(candles);
  return async () => {
    const pool = new ThreadPool({
      code: { path: './grid-thread', besides: import.meta.url },
      threads,
      maxHeapMb: MAX_HEAP_MB,
    });
    try {
      const values = await onThreads(pool, threads, grid, shared);
      return () => ({ columns: COLUMNS, values });
    } finally {
      await pool.close();
    }
  };
};

async function onThreads(
  pool: ThreadPool,
  threads: number,
  whole: WindowGrid,
  candles: Candles,
): Promise<Float64Array> {
  const ask = (job: GridThreadJob): Promise<unknown> =>
    pool.run(job, { kill: new AbortController().signal, keepThread: true });
  const values = new Float64Array(pairsOf(whole) * COLUMNS);
  const lines = new SharedLines(candles.length);
  let done = 0;
  for (let first = whole.fast[0]; first <= whole.fast[1]; first += FAST_WINDOWS) {
    const grid: WindowGrid = { ...whole, fast: [first, Math.min(whole.fast[1], first + FAST_WINDOWS - 1)] };
    const combos = pairsOf(grid);
    const keys = gridColumns(prepareGrid(gridInput(grid, candles, NONE)), 0, combos);
    const { columns, missing } = lines.only(keys);
    const ranges = Array.from({ length: threads }, (_, k) => ({
      share: new Map(missing.filter((_entry, place) => place % threads === k)),
      from: Math.floor((combos * k) / threads),
      to: Math.floor((combos * (k + 1)) / threads),
    }));
    await Promise.all(ranges.map(({ share }) => ask({ kind: 'lines', grid, candles, columns: NONE, missing: share })));
    for (const { from, rows } of await Promise.all(
      ranges.map(async ({ from, to }) => {
        const rows = await ask({ kind: 'combinations', grid, candles, columns, from, to });
        return { from, rows: rows as Float64Array };
      }),
    )) {
      values.set(rows, (done + from) * COLUMNS);
    }
    done += combos;
  }
  return values;
}

/** Lines in shared memory. The room of those that are no longer read serves the next ones. */
class SharedLines {
  readonly #bytes: number;
  #columns = new Map<string, Float64Array>();

  constructor(bars: number) {
    this.#bytes = bars * Float64Array.BYTES_PER_ELEMENT;
  }

  /** Room for these lines and no others; those that are not computed yet are named. */
  only(keys: readonly string[]): {
    readonly columns: ReadonlyMap<string, Float64Array>;
    readonly missing: readonly (readonly [string, Float64Array])[];
  } {
    const before = this.#columns;
    const free = [...before].flatMap(([key, column]) => (keys.includes(key) ? [] : [column]));
    this.#columns = new Map(
      keys.map((key) => [key, before.get(key) ?? free.pop() ?? new Float64Array(new SharedArrayBuffer(this.#bytes))]),
    );
    return { columns: this.#columns, missing: [...this.#columns].filter(([key]) => !before.has(key)) };
  }
}

/** The grid that options describe. Throws a `RangeError` that names what is wrong. */
function windowGridOf(options: Readonly<Record<string, unknown>>): WindowGrid {
  const named = numbersOf(options, 'fast_first', 'fast_last', 'slow_first', 'slow_last', 'fee', 'cash');
  const { fast_first, fast_last, slow_first, slow_last, fee, cash } = named;
  const returns = options['returns'] === 'daily' ? 'daily' : 'bars';
  return { fast: [fast_first, fast_last], slow: [slow_first, slow_last], fee, cash, returns };
}

function sharedCopy(candles: Candles): Candles {
  const copy = allocateCandles(candles.symbol, candles.timeframe, candles.length, true);
  for (const field of FIELDS) copy[field].set(candles[field]);
  return copy;
}

import { fillColumn } from '../../domain/backtest/kernel/prepare-grid.ts';
import { dailyReturnsOf, returnsPerTrial } from '../../domain/optimization/evaluation/daily-returns.ts';
import { evaluateRange } from '../../domain/optimization/evaluation/evaluate-range.ts';
import type { PreparedOptimization } from '../../domain/optimization/evaluation/optimization.ts';
import { optimizationColumns, prepareOptimization } from '../../domain/optimization/evaluation/prepare.ts';
import { type KnownReturns, sampledCombinations } from '../../domain/optimization/trials/sampled-trials.ts';
import { ownScores } from '../../domain/optimization/trials/own-scores.ts';
import { refuseChange } from '../../domain/optimization/job/refuse-change.ts';
import { failure } from '../../domain/backtest/failure.ts';
import type { RunControl } from '../backtests/control.ts';
import { bufferBytes } from '../backtests/guarded-strategy.ts';
import { findOrLoadStrategy } from '../backtests/resolve-strategy.ts';
import { daysOf } from '../backtests/trading-year.ts';
import type { TrialRows } from '../ports/optimization-store.ts';
import { RelayedControl } from '../backtests/relayed-control.ts';
import type { SharedColumns, SharedWork } from './thread-job.ts';

interface Kept {
  readonly control: RelayedControl;
  readonly prepared: PreparedOptimization;
  /** Grows as lines are computed elsewhere; the prepared search looks lines up in it. */
  readonly columns: Map<string, Float64Array>;
}

/** Searches that a thread keeps ready, so that the next chunk of the same job begins at once. */
const MOST_KEPT = 2;

const kept = new Map<string, Kept>();

/** The search of a job, made ready in this thread, with all lines that are known by now. */
export async function preparedWork(
  work: SharedWork,
  maxColumnBytes: number,
  control: RunControl,
): Promise<PreparedOptimization> {
  const known = kept.get(work.id) ?? (await prepare(work, maxColumnBytes, control));
  // The last used comes last, so that the first is the one to forget.
  kept.delete(work.id);
  kept.set(work.id, known);
  for (const id of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(id);
  for (const [key, column] of work.columns) known.columns.set(key, column);
  known.control.target = control;
  return known.prepared;
}

async function prepare(work: SharedWork, maxColumnBytes: number, target: RunControl): Promise<Kept> {
  const control = new RelayedControl(target);
  const columns = new Map<string, Float64Array>(work.columns);
  const { spec, plan, markets, periodsPerYear, days } = work;
  // It is asked about many combinations: what it keeps of each adds up, so all of it is counted from here on.
  control.buffersBefore = bufferBytes();
  const { strategy, hash } = await findOrLoadStrategy(spec.backtest.strategy, control);
  // A user's file is read by each thread anew, and may be another by now.
  refuseChange(work.identity, { ...work.identity, strategyHash: hash });
  const cut = days === undefined ? {} : { days: daysOf(days) };
  const input = { markets, strategy, spec, periodsPerYear, ...cut, columns, maxColumnBytes };
  return { prepared: prepareOptimization(input, plan), columns, control };
}

/**
 * Refuses a user's strategy that has kept more in buffers than a thread may, over all combinations that were tried here. Those that are run
 * bar by bar are also asked between bars. Throws a `BacktestFailure`.
 */
export function refuseKeptBuffers({ id, spec }: SharedWork, { maxBufferMb }: RunControl): void {
  const before = kept.get(id)?.control.buffersBefore ?? null;
  if (before === null || maxBufferMb === 0 || !('file' in spec.backtest.strategy)) return;
  const heldMb = (bufferBytes() - before) / 2 ** 20;
  if (heldMb <= maxBufferMb) return;
  const detail = `the strategy holds ${Math.round(heldMb)} MB in buffers and typed arrays after some combinations, and ${maxBufferMb} MB are allowed: keep nothing from one combination to the next`;
  throw failure('OUT_OF_MEMORY', detail);
}

/**
 * Computes the lines that combinations at these positions read and nobody has computed yet, into shared memory, as many as fit into so many
 * bytes. The rest is computed where it is needed.
 */
export async function missingColumns(
  work: SharedWork,
  from: number,
  to: number,
  maxBytes: number,
  control: RunControl,
): Promise<SharedColumns> {
  // Of its own and without room for lines: what it computes on the way is not kept beside the shared copy.
  const { prepared } = await prepare(work, 0, control);
  const { grid } = prepared.whole;
  const columns = new Map<string, Float64Array>();
  if (grid === null) return columns;
  const bars = prepared.times.length;
  let bytes = 0;
  for (const key of optimizationColumns(prepared, from, to)) {
    bytes += bars * Float64Array.BYTES_PER_ELEMENT;
    if (bytes > maxBytes) break;
    const column = new Float64Array(new SharedArrayBuffer(bars * Float64Array.BYTES_PER_ELEMENT));
    fillColumn(grid, key, column);
    columns.set(key, column);
    control.tick(0);
  }
  return columns;
}

/** Daily returns, in shared memory, of the `from`th to the `to`th (not included) trial of those that are wanted whatever the ranking says. */
export function returnsOf(prepared: PreparedOptimization, from: number, to: number): KnownReturns {
  const combinations = sampledCombinations(prepared).slice(from, to);
  const bytes = combinations.length * returnsPerTrial(prepared) * Float64Array.BYTES_PER_ELEMENT;
  const values = new Float64Array(new SharedArrayBuffer(bytes));
  dailyReturnsOf(prepared, combinations, 0, combinations.length, values);
  return { combinations, values };
}

/** Rows of the combinations at positions `from` to `to`, not included. */
export function evaluatePositions(prepared: PreparedOptimization, from: number, to: number): TrialRows {
  const width = prepared.columns.length;
  const positions: number[] = [];
  for (let position = from; position < to; position++) if (prepared.at(position) >= 0) positions.push(position);
  const combinations = new Float64Array(positions.length);
  const numbers = new Float64Array(positions.length * width);
  const count = evaluateRange(prepared, from, to, { indices: combinations, rows: numbers });
  if (count !== positions.length) throw new Error(`${count} rows for ${positions.length} combinations`);
  return {
    count,
    positions: Float64Array.from(positions),
    combinations,
    scores: ownScores(prepared, numbers, count),
    numbers,
    width,
  };
}

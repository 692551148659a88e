import { kernelRefusal } from '../../backtest/kernel/kernel-refusal.ts';
import { columnIndex, METRIC_COLUMNS, rowWidth } from '../../backtest/kernel/metrics-row.ts';
import { NO_DISPERSION } from '../../backtest/metrics/moments.ts';
import type { PreparedGrid } from '../../backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../backtest/kernel/run-grid.ts';
import { componentNames, componentWriter } from '../objective/components.ts';
import { runOn, writeRunRow } from './event-row.ts';
import type { EvaluationRange, PreparedOptimization } from './optimization.ts';
import { BATCH_COMBOS } from './prepare.ts';

/** Where the rows of a chunk go: room for one for each of its positions. */
export interface ResultRows {
  /** Numbers of the combinations. */
  readonly indices: Float64Array;
  /** `prepared.columns.length` numbers each. */
  readonly rows: Float64Array;
}

const WIDE = rowWidth(true);
const NARROW = METRIC_COLUMNS.length;

/**
 * Evaluates the combinations at positions `from` to `to` (not included): metrics of the whole span with their sums of blocks, then the
 * objective's components on the training part of each fold. A row depends on its combination alone, to the last bit: not on the range, the
 * thread or the machine. Positions without a combination are passed over.
 *
 * Throws a `RangeError` for a range outside of the sample and for rows that do not fit, and `BacktestFailure` when the strategy fails.
 *
 * @returns the number of rows written.
 */
export function evaluateRange(prepared: PreparedOptimization, from: number, to: number, out: ResultRows): number {
  const { positions } = prepared.plan;
  if (!(Number.isSafeInteger(from) && Number.isSafeInteger(to) && 0 <= from && from <= to && to <= positions)) {
    throw new RangeError(`positions ${from} to ${to}: give a range within 0 to ${positions}`);
  }
  let count = 0;
  let position = from;
  while (position < to) {
    const first = count;
    for (; position < to && count - first < BATCH_COMBOS; position++) {
      const index = prepared.at(position);
      if (index < 0) continue;
      if (count === out.indices.length || (count + 1) * prepared.columns.length > out.rows.length) {
        throw new RangeError(`rows has no room for more than ${count} combinations: give room for ${to - from}`);
      }
      out.indices[count++] = index;
    }
    if (count > first) evaluateBatch(prepared, out, first, count);
  }
  return count;
}

function evaluateBatch(
  prepared: PreparedOptimization,
  { indices, rows }: ResultRows,
  first: number,
  end: number,
): void {
  const { columns, whole, trains, input } = prepared;
  const width = columns.length;
  const own = indices.subarray(first, end);
  const metrics = new Float64Array(own.length * WIDE);
  fillMetrics(prepared, own, whole, true, metrics);
  for (let k = 0; k < own.length; k++) {
    rows.set(metrics.subarray(k * WIDE, (k + 1) * WIDE), (first + k) * width);
  }
  const { objective } = input.spec;
  const write = componentWriter(objective);
  const components = componentNames(objective).length;
  trains.forEach((range, fold) => {
    fillMetrics(prepared, own, range, false, metrics);
    const at = { rows: metrics, offset: 0, bars: range.to - range.from };
    for (let k = 0; k < own.length; k++) {
      at.offset = k * NARROW;
      write(at, rows, (first + k) * width + WIDE + fold * components);
    }
  });
}

/** Writes the metrics of combinations on a range, one row after the other. */
export function fillMetrics(
  prepared: PreparedOptimization,
  indices: Float64Array,
  range: EvaluationRange,
  withBlocks: boolean,
  out: Float64Array,
): void {
  const width = withBlocks ? WIDE : NARROW;
  const inKernel = range.grid === null ? none(indices) : kernelPart(prepared, indices);
  if (range.grid !== null) fillByKernel(prepared, indices, inKernel, range.grid, width, out);
  for (let k = 0; k < indices.length; k++) {
    if (inKernel[k] !== 0) continue;
    writeRunRow(runOn(prepared, indices[k]!, range), prepared.input, withBlocks, out, k * width);
  }
  if (prepared.riskFreePerPeriod !== 0)
    for (let k = 0; k < indices.length; k++) deductRiskFree(prepared, out, k * width);
}

const none = (indices: Float64Array): Uint8Array => new Uint8Array(indices.length);

/** Which of the combinations the kernel runs: where bars are walked in another way, those without stops. */
function kernelPart({ input, paramsAt }: PreparedOptimization, indices: Float64Array): Uint8Array {
  const { broker, sizing } = input.spec.backtest;
  const part = none(indices).fill(1);
  if (broker.intrabar === 'worst-first') return part;
  for (let k = 0; k < indices.length; k++) {
    if (kernelRefusal(broker, sizing, input.strategy.rules!(paramsAt(indices[k]!))) !== null) part[k] = 0;
  }
  return part;
}

function fillByKernel(
  { batch }: PreparedOptimization,
  indices: Float64Array,
  inKernel: Uint8Array,
  grid: PreparedGrid,
  width: number,
  out: Float64Array,
): void {
  batch.indices = indices.filter((_, k) => inKernel[k] === 1);
  const count = batch.indices.length;
  if (count === indices.length) {
    runGrid(grid, 0, count, out);
    return;
  }
  const rows = new Float64Array(count * width);
  runGrid(grid, 0, count, rows);
  for (let k = 0, next = 0; k < indices.length; k++) {
    if (inKernel[k] === 0) continue;
    out.set(rows.subarray(next * width, (next + 1) * width), k * width);
    next += 1;
  }
}

const RETURNS = columnIndex('returns');
const SUM = columnIndex('sumReturns');
const SQUARES = columnIndex('sumSquares');
const SHARPE = columnIndex('sharpeRatio');
const SORTINO = columnIndex('sortinoRatio');

/** Engines measure above 0: the Sharpe ratio above the risk-free rate follows from the sums, the Sortino ratio does not. */
function deductRiskFree(
  { riskFreePerPeriod, periodsPerYear }: PreparedOptimization,
  rows: Float64Array,
  at: number,
): void {
  rows[at + SORTINO] = Number.NaN;
  if (Number.isNaN(rows[at + SHARPE]!)) return;
  const n = rows[at + RETURNS]!;
  const mean = rows[at + SUM]! / n;
  const deviation = Math.sqrt(Math.max(0, (rows[at + SQUARES]! - rows[at + SUM]! * mean) / (n - 1)));
  if (deviation > NO_DISPERSION)
    rows[at + SHARPE] = ((mean - riskFreePerPeriod) / deviation) * Math.sqrt(periodsPerYear);
}

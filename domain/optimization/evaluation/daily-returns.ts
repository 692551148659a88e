import { RETURN_BLOCKS } from '../../backtest/kernel/market-tables.ts';
import { METRIC_COLUMNS, rowWidth } from '../../backtest/kernel/metrics-row.ts';
import type { PreparedGrid } from '../../backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../backtest/kernel/run-grid.ts';
import { returnsOfDays, runOn } from './event-row.ts';
import type { PreparedOptimization } from './optimization.ts';
import { BATCH_COMBOS, gridOn } from './prepare.ts';

/** Passes of the kernel over the bars above which single runs cost less. */
const MOST_PASSES = 40;
/** Bars after the last return of a pass, so that what closes positions at the end of a run comes after it. */
const BARS_AFTER = 4;

/** Number of daily returns of a combination over the whole span. */
export function returnsPerTrial({ returnEnds }: PreparedOptimization): number {
  return returnEnds.length;
}

/**
 * Computes the daily returns of combinations `indices[from]` to `indices[to]` (not included) over the whole span, one row each of
 * `returnsPerTrial` numbers, the first at the start of `out`. The numbers do not depend on the range.
 */
export function dailyReturnsOf(
  prepared: PreparedOptimization,
  indices: Float64Array,
  from: number,
  to: number,
  out: Float64Array,
): void {
  const periods = returnsPerTrial(prepared);
  const own = indices.subarray(from, to);
  if (out.length < own.length * periods) {
    throw new RangeError(
      `there is room for ${out.length} returns: ${own.length} combinations have ${own.length * periods}`,
    );
  }
  const { grid } = prepared.whole;
  const passes = 1 + Math.ceil((periods - RETURN_BLOCKS) / (RETURN_BLOCKS - 1));
  const isKernelOnly = grid !== null && prepared.input.spec.backtest.broker.intrabar === 'worst-first';
  if (isKernelOnly && passes <= MOST_PASSES) {
    fillByPasses(prepared, grid, own, out);
    return;
  }
  for (let k = 0; k < own.length; k++) {
    out.set(returnsOfDays(runOn(prepared, own[k]!, prepared.whole), prepared.input.days), k * periods);
  }
}

/**
 * The kernel keeps sums for so many parts of the run. With as many returns as parts each sum is one return; so a pass over the bars gives
 * as many days, but the first part, which holds all days before.
 */
function fillByPasses(
  { whole, returnEnds, batch }: PreparedOptimization,
  grid: PreparedGrid,
  indices: Float64Array,
  out: Float64Array,
): void {
  const periods = returnEnds.length;
  const width = rowWidth(true);
  for (let first = 0; first < indices.length; first += BATCH_COMBOS) {
    batch.indices = indices.slice(first, first + BATCH_COMBOS);
    const count = batch.indices.length;
    const rows = new Float64Array(count * width);
    for (let day = 0; day < periods;) {
      const before = day === 0 ? 0 : 1;
      const ends = returnEnds.subarray(day - before, day - before + RETURN_BLOCKS);
      const pass = gridOn(grid, { from: whole.from, to: Math.min(whole.to, ends.at(-1)! + BARS_AFTER) }, ends);
      runGrid(pass, 0, count, rows);
      const days = ends.length - before;
      for (let k = 0; k < count; k++) {
        for (let d = 0; d < days; d++) {
          const block = blockOf(d + before, ends.length);
          out[(first + k) * periods + day + d] = rows[k * width + METRIC_COLUMNS.length + 3 * block]!;
        }
      }
      day += days;
    }
  }
}

/** The part of the run that return `d` of `count` falls into, where there are no more returns than parts. */
function blockOf(d: number, count: number): number {
  return Math.ceil(((d + 1) * RETURN_BLOCKS) / count) - 1;
}

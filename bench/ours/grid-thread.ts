import { columnIndex } from '../../domain/backtest/kernel/metrics-row.ts';
import { fillColumn, gridColumns, type PreparedGrid, prepareGrid } from '../../domain/backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../domain/backtest/kernel/run-grid.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { type Answer, serveThread } from '../../adapters/threads/serve-thread.ts';
import { gridInput, type WindowGrid } from './window-grid.ts';

/** A thread's part of a grid. Bars and lines lie in shared memory. */
export type GridThreadJob = {
  readonly grid: WindowGrid;
  readonly candles: Candles;
  readonly columns: ReadonlyMap<string, Float64Array>;
} & (
  | { readonly kind: 'lines'; readonly missing: ReadonlyMap<string, Float64Array> }
  | { readonly kind: 'combinations'; readonly from: number; readonly to: number }
);

const RETURN = columnIndex('totalReturn');
const SHARPE = columnIndex('sharpeRatio');
const DRAWDOWN = columnIndex('maxDrawdown');
const TRADES = columnIndex('trades');
const OPEN = columnIndex('openTrade');
const PICKED = 4;

serveThread((message) => Promise.resolve(message as GridThreadJob).then(answer));

function answer(job: GridThreadJob): Answer {
  const prepared = prepareGrid(gridInput(job.grid, job.candles, job.columns));
  if (job.kind === 'combinations') {
    const rows = pickedRows(prepared, job.from, job.to);
    return { value: rows, transfer: [rows.buffer as ArrayBuffer] };
  }
  // A grid knows the lines that it was asked for.
  gridColumns(prepared, 0, prepared.input.combos);
  for (const [key, target] of job.missing) fillColumn(prepared, key, target);
  return { value: null };
}

/** Total return, Sharpe ratio, drawdown and trades of each combination. */
function pickedRows(prepared: PreparedGrid, from: number, to: number): Float64Array {
  const { rowWidth } = prepared;
  const rows = new Float64Array((to - from) * rowWidth);
  runGrid(prepared, from, to, rows);
  const picked = new Float64Array((to - from) * PICKED);
  for (let k = 0; k < to - from; k++) {
    const at = k * rowWidth;
    const figures = [
      rows[at + RETURN]!,
      rows[at + SHARPE]!,
      rows[at + DRAWDOWN]!,
      rows[at + TRADES]! + rows[at + OPEN]!,
    ];
    picked.set(figures, k * PICKED);
  }
  return picked;
}

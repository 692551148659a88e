import { expect, it } from '@jest/globals';
import { METRIC_COLUMNS, type MetricColumn } from '../../../../domain/backtest/kernel/metrics-row.ts';
import { prepareGrid } from '../../../../domain/backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../../../domain/backtest/kernel/run-grid.ts';
import { describeWithData } from '../../../helpers/test-data.ts';
import { googCandles, readRows } from '../engine/reference-cases.ts';
import { pairsOf, vectorbtGrid } from './sma-grid.ts';

/** A row as vectorbt counts: a trade still open at the end is one of the trades, valued at the last close. */
function asVectorbt(row: Float64Array): Readonly<Record<string, number>> {
  const value = (name: MetricColumn): number => row[METRIC_COLUMNS.indexOf(name)]!;
  const open = value('openTrade');
  const openPnl = value('openPnl');
  const trades = value('trades') + open;
  return {
    total_return: value('totalReturn'),
    sharpe: value('sharpeRatio'),
    sortino: value('sortinoRatio'),
    max_drawdown: -value('maxDrawdown'),
    orders: value('fills'),
    trades,
    win_rate: (value('wins') + (openPnl > 0 ? 1 : 0)) / trades,
    profit_factor: (value('grossProfit') + Math.max(0, openPnl)) / (value('grossLoss') + Math.max(0, -openPnl)),
  };
}

describeWithData('the vectorbt grid: 4,851 pairs of averages on GOOG, long, all cash at the close, 10 bps', () => {
  const golden = readRows('backtesting/golden/vbt_sma_grid_goog_long_fee10bp.csv');
  const pairs = pairsOf(2, 100);
  const grid = prepareGrid(vectorbtGrid(googCandles(), pairs));
  const rows = new Float64Array(pairs.length * grid.rowWidth);
  runGrid(grid, 0, pairs.length, rows);
  const rowOf = (k: number): Float64Array => rows.subarray(k * grid.rowWidth, (k + 1) * grid.rowWidth);

  it('has the pairs of the golden file in their order', () => {
    expect(golden.map(({ fast, slow }) => ({ fast: Number(fast), slow: Number(slow) }))).toEqual(pairs);
  });

  // In none of these cells a loss on the first bar is what vectorbt's drawdown, which begins after it, would not see.
  it.each(['total_return', 'sharpe', 'sortino', 'max_drawdown', 'win_rate', 'profit_factor'])(
    'equals every cell of %s within 1e-12 relative',
    (column) => {
      const worst = Math.max(
        ...golden.map((cells, k) => {
          const expected = Number(cells[column]);
          return Math.abs(asVectorbt(rowOf(k))[column]! - expected) / Math.abs(expected);
        }),
      );
      expect(worst).toBeLessThanOrEqual(1e-12);
    },
  );

  it.each(['orders', 'trades'])('equals every cell of %s', (column) => {
    expect(golden.map((_, k) => asVectorbt(rowOf(k))[column])).toEqual(golden.map((cells) => Number(cells[column])));
  });
});

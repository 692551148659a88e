import { prepareGrid } from '../../domain/backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../domain/backtest/kernel/run-grid.ts';
import { DEFAULT_BROKER, DEFAULT_SIZING } from '../../domain/backtest/settings.ts';
import { strategyOf } from '../../domain/strategies/registry.ts';
import { gridOf } from '../strategy-grids.ts';
import type { Case } from './prepared-case.ts';

/** A grid of one of our strategies through the kernel, its lines included. */
export const strategyGrid: Case = (candles, options) => {
  const strategy = strategyOf(String(options['strategy']));
  const { rules } = strategy;
  if (rules === undefined) throw new RangeError(`${strategy.id} has no rules: the kernel does not run it`);
  const combos = gridOf(strategy);
  const fee = 0.001;
  return () => {
    const grid = prepareGrid({
      candles,
      rulesOf: rules,
      combos: combos.length,
      comboAt: (index) => combos[index]!,
      broker: { ...DEFAULT_BROKER, commission: { maker: fee, taker: fee, fixed: 0 } },
      sizing: DEFAULT_SIZING,
      periodsPerYear: 365,
    });
    const rows = new Float64Array(combos.length * grid.rowWidth);
    runGrid(grid, 0, combos.length, rows);
    return () => ({ columns: grid.rowWidth, values: rows });
  };
};

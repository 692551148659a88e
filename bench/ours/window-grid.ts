import type { GridInput } from '../../domain/backtest/kernel/prepare-grid.ts';
import { DEFAULT_BROKER } from '../../domain/backtest/settings.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { completeParams } from '../../domain/parameters/param-spec.ts';
import { smaCross } from '../../domain/strategies/sma-cross/strategy.ts';
import type { StrategyParams } from '../../domain/strategies/strategy.ts';

const YEAR_OF_DAYS = 365;

/** Every fast window with every slow one, in that order; windows are whole numbers, both ends included. */
export interface WindowGrid {
  readonly fast: readonly [first: number, last: number];
  readonly slow: readonly [first: number, last: number];
  readonly fee: number;
  readonly cash: number;
  /** Returns of bars, which the peers have, or of days as in our own summaries. */
  readonly returns: 'bars' | 'daily';
}

const widthOf = ([first, last]: readonly [number, number]): number => last - first + 1;

export function pairsOf({ fast, slow }: Pick<WindowGrid, 'fast' | 'slow'>): number {
  return widthOf(fast) * widthOf(slow);
}

/** The windows of the pair at an index. */
export function pairAt({ fast, slow }: Pick<WindowGrid, 'fast' | 'slow'>, index: number): readonly [number, number] {
  const width = widthOf(slow);
  return [fast[0] + Math.floor(index / width), slow[0] + (index % width)];
}

/** The grid for the kernel: long only, all cash, filled at the close of the signal. */
export function gridInput(grid: WindowGrid, candles: Candles, columns: ReadonlyMap<string, Float64Array>): GridInput {
  const { fee, cash } = grid;
  return {
    candles,
    rulesOf: smaCross.rules,
    combos: pairsOf(grid),
    comboAt: (index): StrategyParams => {
      const [fast, slow] = pairAt(grid, index);
      return completeParams(smaCross.params, { fast, slow }).params;
    },
    broker: {
      ...DEFAULT_BROKER,
      cash,
      commission: { maker: fee, taker: fee, fixed: 0 },
      fill: 'close',
      direction: 'long',
    },
    sizing: { kind: 'cashShare', value: 1 },
    periodsPerYear: YEAR_OF_DAYS,
    commonStart: false,
    columns,
    ...(grid.returns === 'bars' ? { returnEnds: Int32Array.from({ length: candles.length }, (_, bar) => bar) } : {}),
  };
}

import { columnIndex } from '../../domain/backtest/kernel/metrics-row.ts';
import { type GridInput, prepareGrid } from '../../domain/backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../domain/backtest/kernel/run-grid.ts';
import { type BrokerSettings, DEFAULT_BROKER, DEFAULT_SIZING } from '../../domain/backtest/settings.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { completeParams } from '../../domain/parameters/param-spec.ts';
import { smaCross } from '../../domain/strategies/sma-cross/strategy.ts';
import type { StrategyParams } from '../../domain/strategies/strategy.ts';
import type { Rows } from '../parity.ts';
import { numbersOf } from './options.ts';
import type { Case, Work } from './prepared-case.ts';
import { REVERSE_BROKER, reversePairs, reverseRules } from './reverse-cross.ts';

const RETURN = columnIndex('totalReturn');
const EQUITY = columnIndex('finalEquity');
const SHARPE = columnIndex('sharpeRatio');
const DRAWDOWN = columnIndex('maxDrawdown');
const TRADES = columnIndex('trades');
const OPEN = columnIndex('openTrade');

const YEAR_OF_DAYS = 365;

/** All pairs of averages with windows `first` to `last`: long only, all cash, filled at the close of the signal. */
export const crossGrid: Case = (candles, options) => {
  const { first, last, fee, cash } = numbersOf(options, 'first', 'last', 'fee', 'cash');
  const pairs: StrategyParams[] = [];
  for (let fast = first; fast <= last; fast++) {
    for (let slow = fast + 1; slow <= last; slow++) pairs.push(crossParams(fast, slow));
  }
  return closeGrid(candles, pairs, { fee, cash, share: 1, periodsPerYear: YEAR_OF_DAYS });
};

/** One pair. Returns are those of bars as the peers have them, or with `daily` those of days, as in our own summaries. */
export const crossRun: Case = (candles, options) => {
  const named = numbersOf(options, 'fast', 'slow', 'fee', 'cash', 'share', 'periodsPerYear');
  return closeGrid(candles, [crossParams(named.fast, named.slow)], named, options['returns'] === 'daily');
};

/** The 95 pairs of backtesting.py's own example: always in the market, turned round at each crossing. */
export const reverseGrid: Case = (candles) => {
  const pairs = reversePairs();
  const input: GridInput = {
    candles,
    rulesOf: reverseRules,
    combos: pairs.length,
    comboAt: (index) => pairs[index]!,
    broker: REVERSE_BROKER,
    sizing: DEFAULT_SIZING,
    periodsPerYear: YEAR_OF_DAYS,
    commonStart: false,
  };
  return gridCase(input, (row) => [row[EQUITY]!, row[DRAWDOWN]!, row[TRADES]!]);
};

interface CloseGrid {
  readonly fee: number;
  readonly cash: number;
  /** Share of the cash that goes into a trade. */
  readonly share: number;
  readonly periodsPerYear: number;
}

function closeGrid(
  candles: Candles,
  combos: readonly StrategyParams[],
  { fee, cash, share, periodsPerYear }: CloseGrid,
  isDaily = false,
): Work {
  const broker: BrokerSettings = {
    ...DEFAULT_BROKER,
    cash,
    commission: { maker: fee, taker: fee, fixed: 0 },
    fill: 'close',
    direction: 'long',
  };
  const input: GridInput = {
    candles,
    rulesOf: smaCross.rules,
    combos: combos.length,
    comboAt: (index) => combos[index]!,
    broker,
    sizing: { kind: 'cashShare', value: share },
    periodsPerYear,
    commonStart: false,
    // The peers count the first bar as a return of 0.
    ...(isDaily ? {} : { returnEnds: Int32Array.from({ length: candles.length }, (_, bar) => bar) }),
  };
  return gridCase(input, (row) => [row[RETURN]!, row[SHARPE]!, row[DRAWDOWN]!, row[TRADES]! + row[OPEN]!]);
}

/** Preparing the grid is part of the work: it computes the lines and the tables of the bars. */
function gridCase(input: GridInput, pick: (row: Float64Array) => readonly number[]): Work {
  return () => {
    const grid = prepareGrid(input);
    const rows = new Float64Array(input.combos * grid.rowWidth);
    runGrid(grid, 0, input.combos, rows);
    return () => pickedRows(rows, input.combos, pick);
  };
}

function pickedRows(rows: Float64Array, combos: number, pick: (row: Float64Array) => readonly number[]): Rows {
  const width = rows.length / combos;
  const picked = Array.from({ length: combos }, (_, k) => pick(rows.subarray(k * width, (k + 1) * width)));
  return { columns: picked[0]!.length, values: Float64Array.from(picked.flat()) };
}

function crossParams(fast: number, slow: number): StrategyParams {
  return completeParams(smaCross.params, { fast, slow }).params;
}

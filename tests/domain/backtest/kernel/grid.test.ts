import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import { RETURN_BLOCKS } from '../../../../domain/backtest/kernel/market-tables.ts';
import { columnIndex, rowColumns } from '../../../../domain/backtest/kernel/metrics-row.ts';
import {
  fillColumn,
  type GridInput,
  gridColumns,
  prepareGrid,
} from '../../../../domain/backtest/kernel/prepare-grid.ts';
import { runGrid } from '../../../../domain/backtest/kernel/run-grid.ts';
import { DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import { dailyReturns } from '../../../../domain/backtest/metrics/daily-returns.ts';
import { randomBars } from '../../../../domain/strategies/checks/random-bars.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';
import type { StrategyParams } from '../../../../domain/strategies/strategy.ts';
import { completeParams } from '../../../../domain/parameters/param-spec.ts';

const BARS = 10_000;
const candles = randomBars(BARS, 3, '15m');
const smaCross = strategyOf('sma-cross');

/** Two windows and two stops each: equal conditions, shared lines, and more bars than a tile. */
const combos: readonly StrategyParams[] = [5, 8, 13, 21].flatMap((fast) =>
  [34, 55, 89].flatMap((slow) =>
    [0, 0.02].map(
      (trailingStop) => completeParams(smaCross.params, { fast, slow, shorts: 1, trailingStop, stopLoss: 0.03 }).params,
    ),
  ),
);

const input: GridInput = {
  candles,
  rulesOf: smaCross.rules!,
  combos: combos.length,
  comboAt: (index) => combos[index]!,
  broker: { ...DEFAULT_BROKER, commission: { maker: 0.0002, taker: 0.0005, fixed: 0 } },
  sizing: { kind: 'cashShare', value: 0.95 },
  periodsPerYear: 365,
  withBlocks: true,
};

function rowsOf(grid: GridInput, from = 0, to = grid.combos): Float64Array {
  const prepared = prepareGrid(grid);
  const rows = new Float64Array((to - from) * prepared.rowWidth);
  runGrid(prepared, from, to, rows);
  return rows;
}

const all = rowsOf(input);
const width = all.length / combos.length;

/** A row of the whole grid by column. */
function rowAt(index: number): Readonly<Record<string, number>> {
  const row = all.subarray(index * width, (index + 1) * width);
  return Object.fromEntries(rowColumns(true).map((column, k) => [column, row[k]!]));
}

describe('a grid', () => {
  it('has the same bits in whatever ranges it is run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: combos.length }), fc.integer({ min: 0, max: combos.length }), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(rowsOf(input, from, to)).toEqual(all.subarray(from * width, to * width));
      }),
      { numRuns: 20 },
    );
  });

  it('has the same bits when there is no memory for more than the lines of one combination', () => {
    expect(rowsOf({ ...input, maxColumnBytes: 0 })).toEqual(all);
    expect(rowsOf({ ...input, maxColumnBytes: 3 * BARS * 8 })).toEqual(all);
  });

  it('has the same bits for a combination alone, whose averages are streamed and whose bars have no blocks', () => {
    const startBar = prepareGrid(input).startBar;
    for (const index of [0, 7, combos.length - 1]) {
      const alone = { ...input, combos: 1, comboAt: () => combos[index]!, startBar };
      expect(rowsOf(alone)).toEqual(all.subarray(index * width, (index + 1) * width));
    }
  });

  it('has the same bits on lines that the caller has computed into shared memory', () => {
    const prepared = prepareGrid(input);
    const keys = gridColumns(prepared, 0, combos.length);
    expect(keys.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'SMA(13)',
      'SMA(21)',
      'SMA(34)',
      'SMA(5)',
      'SMA(55)',
      'SMA(8)',
      'SMA(89)',
    ]);
    const columns = new Map(keys.map((key) => [key, new Float64Array(new SharedArrayBuffer(BARS * 8))]));
    for (const [key, column] of columns) fillColumn(prepared, key, column);
    const given: GridInput = { ...input, columns, startBar: prepared.startBar };
    expect(gridColumns(prepareGrid(given), 0, combos.length)).toEqual([]);
    expect(rowsOf(given)).toEqual(all);
  });

  it('starts all combinations at the bar that the longest of their lines needs', () => {
    const startBar = prepareGrid(input).startBar;
    expect(startBar).toBe(88);
    const run = runBacktest({
      markets: [candles],
      strategy: smaCross,
      params: combos[0]!,
      broker: input.broker,
      sizing: input.sizing,
      from: candles.time[startBar]!,
    });
    expect(rowAt(0)['finalEquity']).toBe(run.equity.at(-1));
    expect(rowAt(0)['trades']).toBe(run.trades.length);
  });

  it('starts at the first bar when each combination is on its own', () => {
    expect(prepareGrid({ ...input, commonStart: false }).startBar).toBe(0);
  });

  it('sums up the daily returns by blocks of equal length', () => {
    const run = runBacktest({
      markets: [candles],
      strategy: smaCross,
      params: combos[3]!,
      broker: input.broker,
      sizing: input.sizing,
      from: candles.time[prepareGrid(input).startBar]!,
    });
    const closes = run.times.map((time) => time + 900_000);
    const returns = dailyReturns(run.equity, closes, run.initialCash) as Float64Array;
    const row = rowAt(3);
    expect(row['returns']).toBe(returns.length);
    for (let block = 0; block < RETURN_BLOCKS; block++) {
      const from = Math.floor((block * returns.length) / RETURN_BLOCKS);
      const to = Math.floor(((block + 1) * returns.length) / RETURN_BLOCKS);
      const part = [...returns.subarray(from, to)];
      expect(row[`block${block}Count`]).toBe(part.length);
      expect(row[`block${block}Sum`]).toBeCloseTo(
        part.reduce((sum, r) => sum + r, 0),
        13,
      );
      expect(row[`block${block}Squares`]).toBeCloseTo(
        part.reduce((sum, r) => sum + r * r, 0),
        15,
      );
    }
    const total = (power: number): number => returns.reduce((sum, r) => sum + r ** power, 0);
    expect(row['sumReturns']).toBeCloseTo(total(1), 12);
    expect(row['sumSquares']).toBeCloseTo(total(2), 14);
    expect(row['sumCubes']).toBeCloseTo(total(3), 15);
    expect(row['sumFourths']).toBeCloseTo(total(4), 15);
    expect(row['sumDownsideSquares']).toBeCloseTo(
      returns.reduce((sum, r) => sum + Math.min(r, 0) ** 2, 0),
      14,
    );
  });

  it('counts a year as it is told, also where bars are longer than a day', () => {
    const weeks: GridInput = { ...input, candles: { ...candles, timeframe: '1w' }, periodsPerYear: 52 };
    expect([weeks, input].map((each) => prepareGrid(each).periodsPerYear)).toEqual([52, 365]);
  });

  it('names a column for each number of a row', () => {
    expect(rowColumns(true)).toHaveLength(width);
    expect(rowColumns(false)).toHaveLength(width - 3 * RETURN_BLOCKS);
    expect(columnIndex('sharpeRatio')).toBe(rowColumns(true).indexOf('sharpeRatio'));
  });
});

describe('a grid that cannot be run', () => {
  it.each<[string, Partial<GridInput>]>([
    ['combos is 0', { combos: 0 }],
    ['periodsPerYear is NaN', { periodsPerYear: Number.NaN }],
    ['maxColumnBytes is -1', { maxColumnBytes: -1 }],
    ['broker.cash', { broker: { ...DEFAULT_BROKER, cash: 0 } }],
    ['no bar opens in the range', { from: candles.time[BARS - 1]! + 1 }],
    ['the lines need 88 bars of warm-up and there are 50', { to: candles.time[50]! }],
    ['returnEnds[1] is 5', { returnEnds: Int32Array.of(100, 5) }],
    ['column SMA(5) has 3 values for 10000 bars', { columns: new Map([['SMA(5)', new Float64Array(3)]]) }],
  ])('says that %s', (told, part) => {
    expect(() => rowsOf({ ...input, ...part })).toThrow(told);
  });

  it('refuses a range outside of it, rows that are too short, and a combination for the event engine', () => {
    const prepared = prepareGrid(input);
    expect(() => runGrid(prepared, 3, combos.length + 1, new Float64Array(1e5))).toThrow('give a range within 0 to 24');
    expect(() => runGrid(prepared, 0, 2, new Float64Array(width))).toThrow(`2 combinations need ${2 * width}`);
    const other = prepareGrid({ ...input, broker: { ...DEFAULT_BROKER, volumeShare: 0.1 } });
    expect(() => runGrid(other, 0, 1, new Float64Array(width))).toThrow('combination 0: broker.volumeShare = 0.1');
  });
});

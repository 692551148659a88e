import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { breakdown, DIMENSIONS } from '../../../../domain/backtest/analysis/breakdown.ts';
import { tradeOf } from '../metrics/runs.ts';

const trades = [
  // 2024-03-04 was a Monday, 2024-03-10 a Sunday
  tradeOf({
    symbol: 'ETH',
    entryTime: Date.UTC(2024, 2, 4, 23, 59),
    pnl: 30,
    returnRatio: 0.03,
    exitReason: 'take-profit',
  }),
  tradeOf({
    symbol: 'BTC',
    entryTime: Date.UTC(2024, 2, 10, 5),
    pnl: -10,
    returnRatio: -0.02,
    size: -2,
    exitReason: 'stop-loss',
  }),
  tradeOf({ symbol: 'BTC', entryTime: Date.UTC(2023, 2, 5, 5), pnl: 5, returnRatio: 0.01, size: -1, tag: 'late' }),
];

describe('a breakdown of trades', () => {
  it('has a row for each key with its own figures', () => {
    expect(breakdown(trades, 'symbol')).toEqual([
      { key: 'BTC', trades: 2, pnl: -5, winRate: 0.5, meanReturnRatio: -0.005, profitFactor: 0.5 },
      { key: 'ETH', trades: 1, pnl: 30, winRate: 1, meanReturnRatio: 0.03, profitFactor: null },
    ]);
  });

  it.each([
    ['side', ['long', 'short']],
    ['hour', ['05', '23']],
    ['weekday', ['Monday', 'Sunday']],
    ['month', ['03']],
    ['exitReason', ['signal', 'stop-loss', 'take-profit']],
    ['tag', ['', 'late']],
  ] as const)('by %s: the keys in order', (dimension, keys) => {
    expect(breakdown(trades, dimension).map(({ key }) => key)).toEqual(keys);
  });

  it.each(DIMENSIONS)('by %s: the rows add up to all trades', (dimension) => {
    const anyTrade = fc
      .record({
        pnl: fc.integer({ min: -1000, max: 1000 }),
        size: fc.constantFrom(1, -1),
        entryTime: fc.integer({ min: 0, max: 4e12 }),
        symbol: fc.constantFrom('A', 'B', 'C'),
      })
      .map((changes) => tradeOf(changes));
    fc.assert(
      fc.property(fc.array(anyTrade), (list) => {
        const rows = breakdown(list, dimension);
        expect(rows.reduce((total, row) => total + row.trades, 0)).toBe(list.length);
        expect(rows.reduce((total, row) => total + row.pnl, 0)).toBe(list.reduce((total, { pnl }) => total + pnl, 0));
      }),
    );
  });

  it('of no trades has no rows', () => {
    expect(breakdown([], 'hour')).toEqual([]);
  });
});

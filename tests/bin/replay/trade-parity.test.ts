import { describe, expect, it } from '@jest/globals';
import { firstDifference, type ParityTrade } from '../../../bin/replay/trade-parity.ts';

const DAY = 86_400_000;
/** Bought 2 at 100, sold at 103: 6 earned. */
const TRADE: ParityTrade = {
  size: 2,
  entryTime: DAY,
  exitTime: 3 * DAY,
  entryPrice: 100,
  exitPrice: 103,
  exitReason: 'signal',
  pnl: 6,
};
const LATER: ParityTrade = { ...TRADE, entryTime: 4 * DAY, exitTime: 5 * DAY };

describe('the first difference of two lists of trades', () => {
  it('is none where the trades are the same, in whatever order those of one bar are listed', () => {
    const other = { ...TRADE, size: 3 };
    expect(firstDifference([], [])).toBeNull();
    expect(firstDifference([TRADE, other, LATER], [other, TRADE, LATER])).toBeNull();
  });

  it.each([
    ['entryTime', 2 * DAY],
    ['exitTime', 3 * DAY + 1],
    ['size', 2.000_000_1],
    ['entryPrice', 100.000_000_1],
    ['exitPrice', 103.000_000_1],
    ['exitReason', 'stop-loss'],
    ['pnl', 6.000_000_1],
  ] as const)('is %s when that is another one', (field, value) => {
    const found = firstDifference([TRADE, { ...LATER, [field]: value }], [TRADE, LATER]);
    expect(found).toMatchObject({ trade: 1, field, session: value });
  });

  it('names the trade with both values', () => {
    expect(firstDifference([TRADE, { ...LATER, exitPrice: 104 }], [TRADE, LATER])).toEqual({
      trade: 1,
      field: 'exitPrice',
      session: 104,
      backtest: 103,
    });
  });

  it('lets a profit be one part in a billion off: 6 and 6.000000006, and no more', () => {
    expect(firstDifference([{ ...TRADE, pnl: 6.000_000_005 }], [TRADE])).toBeNull();
    expect(firstDifference([{ ...TRADE, pnl: 6.000_000_02 }], [TRADE])).toMatchObject({ field: 'pnl' });
  });

  it('names a trade that only one of the two has made', () => {
    expect(firstDifference([TRADE], [TRADE, LATER])).toEqual({
      trade: 1,
      field: 'trade',
      session: null,
      backtest: '2 entered 1970-01-05T00:00:00.000Z at 100',
    });
    expect(firstDifference([TRADE], [])).toMatchObject({ trade: 0, field: 'trade', backtest: null });
  });
});

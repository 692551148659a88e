import { describe, expect, it } from '@jest/globals';
import { runScript, type Row, told } from './scripted.ts';

const first: Row = [100, 100, 100, 100];

describe('stop loss and take profit', () => {
  it('takes the stop loss when a bar reaches both', () => {
    const rows: Row[] = [first, [100, 101, 99, 100], [100, 111, 94, 100]];
    const run = runScript(rows, { 0: (c) => c.buy({ stopLoss: 95, takeProfit: 110 }) });
    expect(told(run)).toEqual(['1 @ 100(1) -> 95(2) stop-loss']);
    expect([run.trades[0]!.sl, run.trades[0]!.tp]).toEqual([95, 110]);
  });

  it('exits at the open behind a gap, to the worse and to the better', () => {
    const order = { stopLoss: 95, takeProfit: 110 };
    const entry: Row = [100, 101, 99, 100];
    expect(told(runScript([first, entry, [90, 92, 88, 91]], { 0: (c) => c.buy(order) }))).toEqual([
      '1 @ 100(1) -> 90(2) stop-loss',
    ]);
    expect(told(runScript([first, entry, [115, 116, 114, 115]], { 0: (c) => c.buy(order) }))).toEqual([
      '1 @ 100(1) -> 115(2) take-profit',
    ]);
  });

  it('watches a market entry from its own bar on, an entry at a limit from the next', () => {
    const rows: Row[] = [first, [100, 102, 90, 99], [99, 99, 97, 98], [98, 98, 94, 95]];
    expect(told(runScript(rows, { 0: (c) => c.buy({ stopLoss: 95 }) }))).toEqual(['1 @ 100(1) -> 95(1) stop-loss']);
    expect(told(runScript(rows, { 0: (c) => c.buy({ limit: 98, stopLoss: 95 }) }))).toEqual([
      '1 @ 98(1) -> 95(3) stop-loss',
    ]);
  });

  it('moves and takes away exits of trades that are held', () => {
    const rows: Row[] = [first, first, first, [100, 100, 96, 97], [97, 104, 97, 103]];
    const run = runScript(rows, {
      0: (c) => c.buy({ stopLoss: 98 }),
      1: (c) => c.protect({ stopLoss: null, takeProfit: 110 }),
      2: (c) => c.protect({ takeProfit: 104 }),
    });
    expect(told(run)).toEqual(['1 @ 100(1) -> 104(4) take-profit']);
  });
});

describe('trailing stop', () => {
  it('starts at the signal close and is moved by a bar after that bar was checked', () => {
    // Bought at 102 on a signal at 100, 10 %: 90. Entry bar: low 91 holds, high 120 -> 108. Bar 2: low 109 holds, high 121 -> 108.9.
    // Bar 3: low 105 -> out at 108.9.
    const rows: Row[] = [first, [102, 120, 91, 119], [119, 121, 109, 110], [110, 111, 105, 106]];
    const run = runScript(rows, { 0: (c) => c.buy({ trailingStop: 0.1 }) });
    expect(run.trades[0]!.exitPrice).toBeCloseTo(108.9, 12);
    expect([run.trades[0]!.exitBar, run.trades[0]!.exitReason]).toEqual([3, 'trailing-stop']);
    expect(run.trades[0]!.sl).toBeCloseTo(108.9, 12);
  });

  it('is mirrored for a short', () => {
    // Sold at 98, 10 % above 100: 110. Entry bar: high 109 holds, low 80 -> 88. Bar 2 opens at 85 and goes to 90: out at 88.
    const rows: Row[] = [first, [98, 109, 80, 82], [85, 90, 84, 86]];
    const run = runScript(rows, { 0: (c) => c.sell({ trailingStop: 0.1 }) });
    expect(run.trades[0]!.exitPrice).toBeCloseTo(88, 12);
    expect(run.trades[0]!.exitBar).toBe(2);
  });

  it('does not move a stop loss that lies nearer', () => {
    // Stop loss 97, trailing 10 % of 104 = 93.6: the stop loss is hit.
    const rows: Row[] = [first, [100, 104, 98, 103], [103, 103, 96, 97]];
    const run = runScript(rows, { 0: (c) => c.buy({ stopLoss: 97, trailingStop: 0.1 }) });
    expect(told(run)).toEqual(['1 @ 100(1) -> 97(2) stop-loss']);
  });

  it('starts where an entry filled that had to wait, and leaves the extreme of that bar alone', () => {
    // Bought at the limit 90 in bar 1, whose high of 101 may have been before: 81 at first. Bar 2 moves it to 95 x 0.9 = 85.5.
    const rows: Row[] = [first, [100, 101, 89, 91], [91, 95, 82, 94], [94, 94, 85, 86]];
    const run = runScript(rows, { 0: (c) => c.buy({ limit: 90, trailingStop: 0.1 }) });
    expect(run.trades[0]!.exitPrice).toBeCloseTo(85.5, 12);
    expect(run.trades[0]!.exitBar).toBe(3);
  });
});

describe('time stop', () => {
  const rows: Row[] = [first, [101, 101, 101, 101], [102, 102, 102, 102], [103, 103, 103, 103], [104, 104, 104, 104]];

  it('orders a market exit at the close of the bar so many after the entry bar', () => {
    // Entered in bar 1, ordered at the close of bar 3, filled at the open of bar 4.
    const run = runScript(rows, { 0: (c) => c.buy({ maxBars: 2 }) });
    expect(told(run)).toEqual(['1 @ 101(1) -> 104(4) time-stop']);
  });

  it('fills it at that close where the broker fills at the close', () => {
    // Entered at the close of bar 0.
    const run = runScript(rows, { 0: (c) => c.buy({ maxBars: 2 }) }, { broker: { fill: 'close' } });
    expect(told(run)).toEqual(['1 @ 100(0) -> 102(2) time-stop']);
  });

  it('leaves an exit that the strategy orders at the same close to the strategy', () => {
    const run = runScript(rows, { 0: (c) => c.buy({ maxBars: 2 }), 3: (c) => c.close() });
    expect(told(run)).toEqual(['1 @ 101(1) -> 104(4) signal']);
    expect(run.orders.submitted).toBe(2);
  });
});

describe('the end of the data', () => {
  const rows: Row[] = [first, [100, 105, 98, 101], [103, 107, 95, 106]];

  it('marks what is open at the last close, without the costs of an exit', () => {
    const run = runScript(
      rows,
      { 0: (c) => c.buy() },
      {
        broker: { commission: { maker: 0, taker: 0.01, fixed: 0 } },
      },
    );
    expect(run.trades).toEqual([]);
    // 106 - 100 less 1 % of 100.
    expect(run.openTrades[0]).toMatchObject({ exitBar: 2, exitPrice: 106, pnl: 5, commission: 1 });
    expect(run.equity.at(-1)).toBe(10_005);
  });

  it('finalizes at the price at which a market order would have filled that was given a bar before', () => {
    const buy = { 0: (c: { buy(): void }) => c.buy() };
    const atOpen = runScript(rows, buy, { broker: { finalize: true } });
    expect(told(atOpen)).toEqual(['1 @ 100(1) -> 103(2) end-of-data']);
    expect(atOpen.equity.at(-1)).toBe(10_003);
    const atClose = runScript(rows, buy, { broker: { finalize: true, fill: 'close' } });
    expect(told(atClose)).toEqual(['1 @ 100(0) -> 101(1) end-of-data']);
  });

  it('finalizes what was entered inside the last bar at its close', () => {
    const run = runScript(rows, { 1: (c) => c.buy({ limit: 96 }) }, { broker: { finalize: true } });
    expect(told(run)).toEqual(['1 @ 96(2) -> 106(2) end-of-data']);
  });
});

describe('excursions', () => {
  it('are the extremes that the trade has surely lived through, as ratios of its entry price', () => {
    // Entry at the open 100: bar 1 whole (low 98, high 105); bar 2 (low 92, high 107); bar 3 only its open, 103.
    const rows: Row[] = [first, [100, 105, 98, 101], [101, 107, 92, 104], [103, 150, 50, 100]];
    const run = runScript(rows, { 0: (c) => c.buy(), 2: (c) => c.close() });
    expect([run.trades[0]!.mae, run.trades[0]!.mfe]).toEqual([0.08, 0.07]);
    // A short swaps them.
    const short = runScript(rows, { 0: (c) => c.sell(), 2: (c) => c.close() });
    expect([short.trades[0]!.mae, short.trades[0]!.mfe]).toEqual([0.07, 0.08]);
  });

  it('take of a bar with a limit entry the side that the price went to, with a stop entry the other', () => {
    const rows: Row[] = [first, [100, 110, 90, 100], [100, 100, 100, 100], [100, 100, 100, 100]];
    // Limit 96: low 90 counts, high 110 does not (100 later does). 6 / 96 and 4 / 96.
    const limit = runScript(rows, { 0: (c) => c.buy({ limit: 96 }), 2: (c) => c.close() });
    expect([limit.trades[0]!.mae, limit.trades[0]!.mfe]).toEqual([6 / 96, 4 / 96]);
    // Stop 104: high 110 counts, low 90 does not (100 later does). 4 / 104 and 6 / 104.
    const stop = runScript(rows, { 0: (c) => c.buy({ stop: 104 }), 2: (c) => c.close() });
    expect([stop.trades[0]!.mae, stop.trades[0]!.mfe]).toEqual([4 / 104, 6 / 104]);
  });
});

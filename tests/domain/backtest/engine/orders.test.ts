import { describe, expect, it } from '@jest/globals';
import { refused, runScript, type Row, told } from './scripted.ts';

/** Quiet bars at 100. */
const flat = (count: number): Row[] => Array.from({ length: count }, () => [100, 100, 100, 100]);

describe('market orders', () => {
  const rows: Row[] = [
    [100, 101, 99, 100],
    [102, 103, 101, 102],
    [104, 105, 103, 104],
  ];

  it('fill at the open of the next bar', () => {
    expect(told(runScript(rows, { 0: (c) => c.buy(), 1: (c) => c.close() }))).toEqual(['1 @ 102(1) -> 104(2) signal']);
  });

  it('fill at the close that ordered them where the broker says so, the last one too', () => {
    const run = runScript(rows, { 0: (c) => c.buy(), 2: (c) => c.close() }, { broker: { fill: 'close' } });
    expect(told(run)).toEqual(['1 @ 100(0) -> 104(2) signal']);
    const [trade] = run.trades;
    // Bars of an hour: bar 0 closes after one, bar 2 after three.
    expect([trade!.entryTime, trade!.exitTime]).toEqual([3_600_000, 10_800_000]);
  });

  it('fills at the close before anything of the next bar: an exit never lies before its entry', () => {
    // The sale at the close of bar 0 opens a short; the stop of bar 1 buys it back. In turn of the book the stop would come first.
    const rows: Row[] = [
      [100, 100, 100, 100],
      [100, 106, 99, 104],
    ];
    const run = runScript(
      rows,
      {
        0: (c) => {
          c.buy({ stop: 105 });
          c.sell();
        },
      },
      { broker: { fill: 'close' } },
    );
    expect(told(run)).toEqual(['-1 @ 100(0) -> 105(1) signal']);
  });

  it('are not filled when there is no bar after them', () => {
    const run = runScript(rows, { 2: (c) => c.buy() });
    expect(told(run)).toEqual([]);
    expect(run.orders).toEqual({ submitted: 1, filled: 0, cancelled: 1, refused: 0 });
  });
});

describe('limit orders', () => {
  it('fill at their price when the bar reaches it', () => {
    const rows: Row[] = [
      [100, 100, 100, 100],
      [99, 100, 98, 99],
      [99, 99, 95, 96],
    ];
    expect(told(runScript(rows, { 0: (c) => c.buy({ limit: 96 }) }))).toEqual(['1 @ 96(2) open']);
  });

  it('fill at the open when it is better', () => {
    const rows: Row[] = [
      [100, 100, 100, 100],
      [95, 97, 94, 96],
    ];
    expect(told(runScript(rows, { 0: (c) => c.buy({ limit: 98 }) }))).toEqual(['1 @ 95(1) open']);
    expect(told(runScript(rows, { 0: (c) => c.sell({ limit: 90 }) }))).toEqual(['-1 @ 95(1) open']);
  });
});

describe('stop orders', () => {
  it('fill at their price, and at the open behind a gap', () => {
    const rows: Row[] = [
      [100, 100, 100, 100],
      [101, 106, 101, 105],
      [112, 113, 111, 112],
    ];
    expect(told(runScript(rows, { 0: (c) => c.buy({ stop: 104 }) }))).toEqual(['1 @ 104(1) open']);
    expect(told(runScript(rows, { 0: (c) => c.buy({ stop: 110 }) }))).toEqual(['1 @ 112(2) open']);
  });

  it('fill at the open behind a gap also where market orders fill at the close', () => {
    const rows: Row[] = [
      [100, 100, 100, 100],
      [112, 113, 111, 112],
    ];
    const run = runScript(rows, { 0: (c) => c.buy({ stop: 110 }) }, { broker: { fill: 'close' } });
    expect(told(run)).toEqual(['1 @ 112(1) open']);
  });
});

describe('stop-limit orders', () => {
  it('fill at the stop when the limit lies beyond it', () => {
    const rows: Row[] = [
      [100, 100, 100, 100],
      [101, 106, 101, 105],
    ];
    expect(told(runScript(rows, { 0: (c) => c.buy({ stop: 104, limit: 105 }) }))).toEqual(['1 @ 104(1) open']);
  });

  it('never fill below a gap: at the open within the limit, at the limit beyond it, else not', () => {
    const script = { 0: (c: Parameters<Parameters<typeof runScript>[1][0]>[0]) => c.buy({ stop: 104, limit: 105 }) };
    const first: Row = [100, 100, 100, 100];
    expect(told(runScript([first, [104.5, 106, 104.2, 106]], script))).toEqual(['1 @ 104.5(1) open']);
    expect(told(runScript([first, [107, 108, 104.2, 106]], script))).toEqual(['1 @ 105(1) open']);
    expect(told(runScript([first, [107, 108, 106, 107]], script))).toEqual([]);
  });

  it('wait as limit orders once triggered: a limit before the stop is thought to have been passed already in that bar', () => {
    // Bar 1 goes over 104 and under 103, in an order that nobody knows; bar 2 comes back to 103.
    const rows: Row[] = [
      [100, 100, 100, 100],
      [103, 106, 102, 105],
      [105, 105, 103, 104],
    ];
    expect(told(runScript(rows, { 0: (c) => c.buy({ stop: 104, limit: 103 }) }))).toEqual(['1 @ 103(2) open']);
  });
});

describe('trailing orders', () => {
  it('follow the best price, moved by each bar after it was checked', () => {
    // A buy 10 % above the lowest low: 110, then 88 x 1.1 = 96.8 after bar 1, then min(96.8, 90 x 1.1 = 99) after bar 2. Bar 3 opens at 92
    // and goes to 97.
    const rows: Row[] = [
      [100, 100, 100, 100],
      [100, 109, 88, 90],
      [90, 96, 90, 92],
      [92, 97, 92, 96],
    ];
    const run = runScript(rows, { 0: (c) => c.buy({ trail: 0.1 }) });
    expect(run.openTrades[0]!.entryBar).toBe(3);
    expect(run.openTrades[0]!.entryPrice).toBeCloseTo(96.8, 12);
  });
});

describe('groups, lifetimes and cancelling', () => {
  it('cancels the other orders of a group at the first fill', () => {
    const rows: Row[] = [
      [100, 100, 100, 100],
      [100, 106, 100, 105],
      [105, 105, 90, 92],
    ];
    const run = runScript(rows, {
      0: (c) => {
        c.buy({ stop: 105, oco: 'breakout' });
        c.sell({ stop: 95, oco: 'breakout' });
      },
    });
    expect(told(run)).toEqual(['1 @ 105(1) open']);
    expect(run.orders).toEqual({ submitted: 2, filled: 1, cancelled: 1, refused: 0 });
  });

  it('cancels an order whose bars are over', () => {
    const rows: Row[] = [...flat(3), [100, 100, 90, 95]];
    expect(told(runScript(rows, { 0: (c) => c.buy({ limit: 95, goodForBars: 2 }) }))).toEqual([]);
    expect(told(runScript(rows, { 0: (c) => c.buy({ limit: 95, goodForBars: 3 }) }))).toEqual(['1 @ 95(3) open']);
  });

  it('cancels what waits but not the exits of brackets', () => {
    const rows: Row[] = [...flat(3), [100, 100, 90, 95]];
    const working: number[] = [];
    const run = runScript(rows, {
      0: (c) => c.buy({ stopLoss: 96 }),
      1: (c) => {
        c.buy({ limit: 95 });
        working.push(c.workingOrders);
      },
      2: (c) => {
        c.cancelOrders();
        working.push(c.workingOrders);
      },
    });
    expect(told(run)).toEqual(['1 @ 100(1) -> 96(3) stop-loss']);
    expect(working).toEqual([1, 0]);
  });
});

describe('reducing and reversing', () => {
  it('closes the oldest trades first with an order of the other side, and opens the rest', () => {
    const rows: Row[] = [...flat(2), [101, 101, 101, 101], [102, 102, 102, 102]];
    const run = runScript(rows, {
      0: (c) => c.buy({ size: 2 }),
      1: (c) => c.buy({ size: 3 }),
      2: (c) => c.sell({ size: 6 }),
    });
    expect(told(run)).toEqual(['2 @ 100(1) -> 102(3) signal', '3 @ 101(2) -> 102(3) signal', '-1 @ 102(3) open']);
  });

  it('never turns a position round with a reduce-only order, nor opens one', () => {
    const run = runScript(flat(5), {
      0: (c) => {
        c.buy({ size: 2 });
        c.sell({ size: 9, reduceOnly: true });
      },
      2: (c) => c.sell({ reduceOnly: true }),
    });
    expect(told(run)).toEqual(['2 @ 100(1) -> 100(1) signal']);
    expect(refused(run)).toEqual(['NOTHING_TO_REDUCE(3)']);
  });

  it('closes a share of every trade', () => {
    const rows: Row[] = [...flat(2), [110, 110, 110, 110], [120, 120, 120, 120]];
    const run = runScript(rows, { 0: (c) => c.buy({ size: 8 }), 1: (c) => c.close(0.25), 2: (c) => c.close() });
    expect(told(run)).toEqual(['2 @ 100(1) -> 110(2) signal', '6 @ 100(1) -> 120(3) signal']);
  });

  it('closes shares in whole lots: half of 5 to the even 2, and one at least', () => {
    const run = runScript(
      flat(4),
      { 0: (c) => c.buy({ size: 5 }), 1: (c) => c.close(0.5), 2: (c) => c.close(0.01) },
      {
        broker: { wholeUnits: true },
      },
    );
    expect(run.trades.map(({ size }) => size)).toEqual([2, 1]);
  });
});

describe('direction and exclusive orders', () => {
  it('opens nothing on the side that is not allowed, and still closes with it', () => {
    const run = runScript(
      flat(5),
      { 0: (c) => c.buy(), 1: (c) => c.sell({ size: 3 }), 3: (c) => c.sell() },
      {
        broker: { direction: 'long' },
      },
    );
    expect(told(run)).toEqual(['1 @ 100(1) -> 100(2) signal']);
    expect(refused(run)).toEqual(['DIRECTION(2)', 'DIRECTION(4)']);
  });

  it('closes what is open and cancels all that waits before an exclusive order', () => {
    const rows: Row[] = [...flat(3), [100, 100, 90, 95]];
    const run = runScript(
      rows,
      {
        0: (c) => c.buy({ size: 2 }),
        1: (c) => {
          c.buy({ limit: 92 });
          c.buy({ limit: 91 });
          c.sell({ size: 1 });
        },
      },
      { broker: { exclusive: true } },
    );
    expect(told(run)).toEqual(['2 @ 100(1) -> 100(2) signal', '-1 @ 100(2) open']);
  });
});

describe('orders that make no sense', () => {
  it.each([
    [{ size: 0 }, /size is 0: give units/],
    [{ limit: Number.NaN }, /limit is NaN: give a price above 0 \(a line that still warms up is NaN\)/],
    [{ trail: 1.5 }, /trail is 1.5: give a ratio/],
    [{ trail: 0.1, stop: 90 }, /an order with trail has no limit and no stop/],
    [{ maxBars: 0.5 }, /maxBars is 0.5: give a whole number of bars/],
    [{ size: { kind: 'riskPerTrade', value: 0.01 } }, /needs a stopLoss/],
    [{ size: { kind: 'cashShare', value: 2 } }, /size.value is 2: a share of the cash/],
  ] as const)('throws for %o', (order, message) => {
    expect(() => runScript(flat(3), { 1: (c) => c.buy(order) })).toThrow(message);
  });

  it('refuses exits on the wrong side of the price', () => {
    const run = runScript(flat(4), {
      0: (c) => c.buy({ stopLoss: 101 }),
      1: (c) => c.sell({ limit: 105, takeProfit: 106 }),
    });
    expect(told(run)).toEqual([]);
    expect(run.refusals.map(({ detail }) => detail)).toEqual([
      'the stop loss 101 of a buy has to lie below its price 100',
      'the take profit 106 of a sell has to lie below its price 105',
    ]);
  });
});

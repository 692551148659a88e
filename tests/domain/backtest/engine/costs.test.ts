import { describe, expect, it } from '@jest/globals';
import { refused, runScript, type Row, told } from './scripted.ts';

const flat = (count: number, volume?: number): Row[] =>
  Array.from({ length: count }, () => (volume === undefined ? [100, 100, 100, 100] : [100, 100, 100, 100, volume]));

describe('commission', () => {
  const commission = { maker: 0.001, taker: 0.002, fixed: 3 };

  it('charges the taker rate and the fixed fee on a market entry and a market exit', () => {
    // 10 units at 100: 3 + 2 twice.
    const run = runScript(flat(3), { 0: (c) => c.buy({ size: 10 }), 1: (c) => c.close() }, { broker: { commission } });
    expect(run.trades[0]).toMatchObject({ commission: 10, pnl: -10, returnRatio: -0.01 });
    expect([run.commission, run.equity.at(-1)]).toEqual([10, 9_990]);
  });

  it('charges the maker rate on a limit that waited and on a take profit', () => {
    // Limit at 90 in bar 2: 3 + 10 x 90 x 0.001 = 3.9. Take profit at 110: 3 + 1.1 = 4.1.
    const rows: Row[] = [...flat(2), [95, 95, 90, 95], [100, 110, 100, 105]];
    const run = runScript(
      rows,
      { 0: (c) => c.buy({ size: 10, limit: 90, takeProfit: 110 }) },
      { broker: { commission } },
    );
    expect(run.trades[0]!.commission).toBeCloseTo(8, 12);
  });

  it('charges the taker rate on a limit that is met at once', () => {
    // The order at 105 meets the open of 100: 3 + 10 x 100 x 0.002.
    const run = runScript(flat(3), { 0: (c) => c.buy({ size: 10, limit: 105 }) }, { broker: { commission } });
    expect(run.commission).toBe(5);
  });

  it('gives each part of a trade its share of the fixed entry fee, so that the parts add up to what was paid', () => {
    // Entry 3 + 2. A quarter leaves: 3 + 0.5, with 0.75 + 0.5 of the entry. The rest: 3 + 1.5, with 2.25 + 1.5.
    const run = runScript(
      flat(4),
      { 0: (c) => c.buy({ size: 10 }), 1: (c) => c.close(0.25), 2: (c) => c.close() },
      { broker: { commission } },
    );
    expect(run.trades.map((trade) => trade.commission)).toEqual([4.75, 8.25]);
    expect(run.commission).toBe(13);
  });
});

describe('spread and slippage', () => {
  it('moves the entry price only, by the spread', () => {
    const script = { 0: (c: { buy(): void }) => c.buy(), 1: (c: { close(): void }) => c.close() };
    expect(told(runScript(flat(3), script, { broker: { spread: 0.01 } }))).toEqual(['1 @ 101(1) -> 100(2) signal']);
  });

  it('worsens market and stop fills on the way in and out, and no limit', () => {
    // 1 % of 100: buys at 101, sells at 99. The take profit at 104 stays.
    const rows: Row[] = [...flat(3), [100, 104, 100, 104], [104, 104, 95, 95]];
    const broker = { slippageBps: 100 };
    expect(told(runScript(rows, { 0: (c) => c.buy(), 1: (c) => c.close() }, { broker }))).toEqual([
      '1 @ 101(1) -> 99(2) signal',
    ]);
    expect(told(runScript(rows, { 0: (c) => c.buy({ takeProfit: 104 }) }, { broker }))).toEqual([
      '1 @ 101(1) -> 104(3) take-profit',
    ]);
    expect(told(runScript(rows, { 2: (c) => c.buy({ limit: 98 }) }, { broker }))).toEqual(['1 @ 98(4) open']);
    // 96 less 1 %.
    const stopped = runScript(rows, { 0: (c) => c.buy({ stopLoss: 96 }) }, { broker });
    expect(stopped.trades[0]!.exitPrice).toBeCloseTo(95.04, 12);
  });
});

describe('volume', () => {
  it('fills an order over several bars, each part a trade of its own', () => {
    // 10 % of 50 is 5 a bar: 12 units take 5, 5 and 2.
    const rows: Row[] = [...flat(1, 50), [101, 101, 101, 101, 50], [102, 102, 102, 102, 50], [103, 103, 103, 103, 50]];
    const run = runScript(rows, { 0: (c) => c.buy({ size: 12 }) }, { broker: { volumeShare: 0.1 } });
    expect(told(run)).toEqual(['5 @ 101(1) open', '5 @ 102(2) open', '2 @ 103(3) open']);
    expect(run.orders).toEqual({ submitted: 1, filled: 1, cancelled: 0, refused: 0 });
  });

  it('goes on with a stop that was hit as a market order', () => {
    // 10 held, 4 a bar. Stopped at 95 for 4; the rest at the opens 90 and 91, though these bars never come near 95.
    const rows: Row[] = [
      [100, 100, 100, 100, 400],
      [100, 100, 100, 100, 400],
      [100, 100, 94, 94, 40],
      [90, 90, 90, 90, 40],
      [91, 91, 91, 91, 40],
    ];
    const run = runScript(rows, { 0: (c) => c.buy({ size: 10, stopLoss: 95 }) }, { broker: { volumeShare: 0.1 } });
    expect(told(run)).toEqual([
      '4 @ 100(1) -> 95(2) stop-loss',
      '4 @ 100(1) -> 90(3) stop-loss',
      '2 @ 100(1) -> 91(4) stop-loss',
    ]);
  });

  it('waits for a bar with volume', () => {
    const rows: Row[] = [...flat(1), [101, 101, 101, 101, 0], [102, 102, 102, 102, 100]];
    expect(told(runScript(rows, { 0: (c) => c.buy() }, { broker: { volumeShare: 0.1 } }))).toEqual(['1 @ 102(2) open']);
  });

  it('cancels what is left when its bars are over; what filled stays', () => {
    const run = runScript(
      flat(5, 50),
      { 0: (c) => c.buy({ size: 12, goodForBars: 2 }) },
      { broker: { volumeShare: 0.1 } },
    );
    expect(told(run)).toEqual(['5 @ 100(1) open', '5 @ 100(2) open']);
    expect(run.orders).toEqual({ submitted: 1, filled: 1, cancelled: 0, refused: 0 });
  });

  it('moves the price by impact x share of volume squared, on entry and exit', () => {
    // 20 of 100 units: 0.2^2 x 0.5 = 0.02, so 102 and 98.
    const script = { 0: (c: { buy(o: object): void }) => c.buy({ size: 20 }), 1: (c: { close(): void }) => c.close() };
    expect(told(runScript(flat(3, 100), script, { broker: { priceImpact: 0.5 } }))).toEqual([
      '20 @ 102(1) -> 98(2) signal',
    ]);
  });
});

describe('steps of the instrument', () => {
  const instruments = { X: { tick: 0.5, lot: 0.1, minNotional: 50 } };

  it('rounds units down to lots and refuses what is less than one, or worth too little', () => {
    const run = runScript(
      flat(5),
      { 0: (c) => c.buy({ size: 0.77 }), 1: (c) => c.buy({ size: 0.05 }), 2: (c) => c.buy({ size: 0.4 }) },
      { broker: { instruments } },
    );
    expect(told(run)).toEqual(['0.7 @ 100(1) open']);
    expect(refused(run)).toEqual(['BELOW_LOT(1)', 'BELOW_MIN_NOTIONAL(3)']);
  });

  it('takes 0.3 for three lots of 0.1', () => {
    const run = runScript(
      flat(3),
      { 0: (c) => c.buy({ size: 0.3 }) },
      {
        broker: { instruments: { X: { tick: 0, lot: 0.1, minNotional: 0 } } },
      },
    );
    expect(run.openTrades[0]!.size).toBe(0.3);
  });

  it('rounds buy limits and sell stops down, the others up', () => {
    // Buy limit 96.9 -> 96.5; its stop loss, a sell stop, 93.8 -> 93.5; its take profit, a sell limit, 101.2 -> 101.5.
    const rows: Row[] = [...flat(1), [100, 100, 96, 97], [97, 101.4, 94, 99], [99, 99, 93, 94]];
    const run = runScript(
      rows,
      { 0: (c) => c.buy({ limit: 96.9, stopLoss: 93.8, takeProfit: 101.2 }) },
      {
        broker: { instruments },
      },
    );
    expect(told(run)).toEqual(['1 @ 96.5(1) -> 93.5(3) stop-loss']);
    expect(run.trades[0]!.tp).toBe(101.5);
    // A buy stop at 100.1 -> 100.5 is not reached by 100.4.
    const stop = runScript(
      [...flat(1), [100, 100.4, 100, 100]],
      { 0: (c) => c.buy({ stop: 100.1 }) },
      { broker: { instruments } },
    );
    expect(told(stop)).toEqual([]);
  });
});

describe('margin', () => {
  it('refuses what the margin does not carry, costs included', () => {
    // 10,000 at 50 % margin buys 20,000: 200 units at 100, fewer with 1 % commission (198 x 101 = 19,998).
    const script = (size: number) => ({ 0: (c: { buy(o: object): void }) => c.buy({ size }) });
    const broker = { margin: 0.5, commission: { maker: 0.01, taker: 0.01, fixed: 0 } };
    expect(told(runScript(flat(2), script(198), { broker }))).toEqual(['198 @ 100(1) open']);
    expect(refused(runScript(flat(2), script(199), { broker }))).toEqual(['NOT_ENOUGH_MARGIN(1)']);
  });

  it('ends the run when equity falls to 0', () => {
    // 1,000 units on 10 % margin: 10 lower is all of the 10,000.
    const rows: Row[] = [...flat(2), [95, 95, 89, 89], [120, 120, 120, 120]];
    const run = runScript(rows, { 0: (c) => c.buy({ size: 1_000 }) }, { broker: { margin: 0.1 } });
    expect(run.ruined).toBe(true);
    expect(told(run)).toEqual(['1000 @ 100(1) -> 89(2) ruin']);
    expect([...run.equity]).toEqual([10_000, 10_000, 0, 0]);
  });
});

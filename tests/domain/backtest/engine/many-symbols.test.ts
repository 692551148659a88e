import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import type { BacktestInput } from '../../../../domain/backtest/run.ts';
import { DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import type { BarContext } from '../../../../domain/strategies/strategy.ts';
import { candlesOf, HOUR_MS, type Row, told } from './scripted.ts';

const at = (price: number): Row => [price, price, price, price];

/** Asks `onBar` at each bar of each symbol. */
function runBoth(
  markets: BacktestInput['markets'],
  onBar: (context: BarContext) => void,
  broker: Partial<BacktestInput['broker']> = {},
) {
  return runBacktest({
    markets,
    strategy: { id: 'both', title: 'Both', params: [], prepare: () => onBar },
    params: {},
    broker: { ...DEFAULT_BROKER, ...broker },
    sizing: { kind: 'cashShare', value: 0.5 },
  });
}

describe('several symbols on one cash book', () => {
  it('goes through the joint time axis and asks each symbol at its own bars', () => {
    // B starts two hours later and lacks the bar of hour 3.
    const a = candlesOf([at(10), at(11), at(12), at(13), at(14)], 'A');
    const b = candlesOf([at(20), at(22)], 'B', 2 * HOUR_MS);
    b.time[1] = 4 * HOUR_MS;
    const asked: string[] = [];
    const run = runBoth([a, b], ({ symbol, bar }) => asked.push(`${symbol}${bar.index}@${bar.time / HOUR_MS}`));
    expect(asked).toEqual(['A0@0', 'A1@1', 'A2@2', 'B0@2', 'A3@3', 'A4@4', 'B1@4']);
    expect([...run.times]).toEqual([0, 1, 2, 3, 4].map((hour) => hour * HOUR_MS));
    expect(run.symbols).toEqual(['A', 'B']);
  });

  it('shares cash and margin, and values all at their last closes', () => {
    // A takes half of 10,000: 500 units at 10. B then takes half of the other 5,000: 125 units at 20. At the end A stands at 12 and B at 18.
    const a = candlesOf([at(10), at(10), at(12)], 'A');
    const b = candlesOf([at(20), at(20), at(18)], 'B');
    const run = runBoth([a, b], (context) => {
      if (context.bar.index === 0) context.buy();
    });
    expect(told(run)).toEqual(['500 @ 10(1) open', '125 @ 20(1) open']);
    expect([...run.equity]).toEqual([10_000, 10_000, 10_000 + 500 * 2 - 125 * 2]);
  });

  it('takes the exits of all symbols before the entries of any: what one sells pays for what another buys', () => {
    // B comes after A in the list. Bar 1: all cash in B. Bar 2: B is sold and A bought with what that freed.
    const a = candlesOf([at(10), at(10), at(10)], 'A');
    const b = candlesOf([at(20), at(20), at(25)], 'B');
    const rotated = runBoth([a, b], (context) => {
      const all = { size: { kind: 'cashShare', value: 1 } } as const;
      if (context.symbol === 'B' && context.bar.index === 0) context.buy(all);
      if (context.symbol === 'B' && context.bar.index === 1) context.close();
      if (context.symbol === 'A' && context.bar.index === 1) context.buy(all);
    });
    expect(told(rotated)).toEqual(['500 @ 20(1) -> 25(2) signal', '1250 @ 10(2) open']);
  });

  it('shows another symbol at its last closed bar, and lets orders be given there', () => {
    const a = candlesOf([at(10), at(11), at(12)], 'A');
    const b = candlesOf([at(20), at(21), at(22)], 'B');
    const seen: number[] = [];
    const run = runBoth([a, b], (context) => {
      if (context.symbol !== 'A') return;
      const other = context.market('B');
      seen.push(other.bar.close.now);
      if (context.bar.index === 0) other.buy({ size: 1 });
    });
    expect(seen).toEqual([20, 21, 22]);
    expect(told(run)).toEqual(['1 @ 21(1) open']);
    expect(run.openTrades[0]!.symbol).toBe('B');
  });

  it('refuses to name a symbol that is not there, and orders for one that has no bar yet', () => {
    const a = candlesOf([at(10), at(11), at(12)], 'A');
    const b = candlesOf([at(20)], 'B', 2 * HOUR_MS);
    expect(() => runBoth([a, b], (context) => context.market('C'))).toThrow(
      /market\("C"\): the run has no such symbol; it has A, B/,
    );
    expect(() => runBoth([a, b], (context) => context.market('B').buy())).toThrow(/B has no bar yet that has closed/);
  });

  it('finalizes each symbol at the end of its own bars', () => {
    const a = candlesOf([at(10), at(10), at(12), at(13)], 'A');
    const b = candlesOf([at(20), at(20)], 'B');
    const run = runBoth(
      [a, b],
      (context) => {
        if (context.bar.index === 0) context.buy();
      },
      { finalize: true },
    );
    expect(told(run)).toEqual(['125 @ 20(1) -> 20(1) end-of-data', '500 @ 10(1) -> 13(3) end-of-data']);
    expect(run.equity.at(-1)).toBe(11_500);
  });

  it('amends the curve for fills at the close over the hours in which only others traded', () => {
    // A buys at its close of hour 0 with 1 % commission: the curve shows the cost of 50 at hour 0 already, though A's next bar is at hour 2.
    const a = candlesOf([at(10), at(10)], 'A');
    a.time[1] = 2 * HOUR_MS;
    const b = candlesOf([at(20), at(20), at(20)], 'B');
    const run = runBoth(
      [a, b],
      (context) => {
        if (context.symbol === 'A' && context.bar.index === 0) context.buy({ size: 500 });
      },
      { fill: 'close', commission: { maker: 0.01, taker: 0.01, fixed: 0 } },
    );
    expect([...run.equity]).toEqual([9_950, 9_950, 9_950]);
  });

  it('counts a bar as exposed when any symbol is held', () => {
    const a = candlesOf([at(10), at(10), at(10), at(10), at(10), at(10)], 'A');
    const b = candlesOf([at(20), at(20), at(20), at(20), at(20), at(20)], 'B');
    const run = runBoth([a, b], (context) => {
      // A is held in bars 1 and 2, B in 2 and 3.
      const start = context.symbol === 'A' ? 0 : 1;
      if (context.bar.index === start) context.buy();
      if (context.bar.index === start + 1) context.close();
    });
    expect(run.exposureBars).toBe(3);
  });

  it('sizes by what other symbols are worth at the open, wherever they close', () => {
    // 50 units of A at 100 are held. 20 % of the equity of 10,000 at the open of bar 2 buys 40 units of B at 50.
    const sizeWhenACloses = (close: number): readonly string[] => {
      const a = candlesOf([at(100), at(100), [100, Math.max(100, close), Math.min(100, close), close]], 'A');
      const b = candlesOf([at(50), at(50), at(50)], 'B');
      return told(
        runBoth([a, b], (context) => {
          if (context.symbol === 'A' && context.bar.index === 0) context.buy({ size: 50 });
          if (context.symbol === 'B' && context.bar.index === 1) {
            context.buy({ size: { kind: 'equityShare', value: 0.2 } });
          }
        }),
      );
    };
    for (const close of [20, 100, 200]) {
      expect(sizeWhenACloses(close)).toEqual(['50 @ 100(1) open', '40 @ 50(2) open']);
    }
  });

  it('fills at the close in the order of time: what one symbol sells there pays for what another buys there', () => {
    // At the close of hour 1 B is sold for 25 and A bought with all: 500 x 25 = 12,500 buy 1,250 units of 10.
    const a = candlesOf([at(10), at(10), at(10)], 'A');
    const b = candlesOf([at(20), at(25), at(25)], 'B');
    const all = { size: { kind: 'cashShare', value: 1 } } as const;
    const run = runBoth(
      [a, b],
      (context) => {
        if (context.symbol === 'B' && context.bar.index === 0) context.buy(all);
        if (context.symbol === 'B' && context.bar.index === 1) context.close();
        if (context.symbol === 'A' && context.bar.index === 1) context.buy(all);
      },
      { fill: 'close' },
    );
    expect(told(run)).toEqual(['500 @ 20(0) -> 25(1) signal', '1250 @ 10(1) open']);
  });

  it.each(['worst-first', 'nearest-first'] as const)(
    'fills an order for a symbol without a bar at that time at its next open: %s',
    (intrabar) => {
      // B has bars of hours 0, 1 and 5. A orders 1 unit of it at the close of hour 3: its close of hour 1 is past.
      const a = candlesOf([at(10), at(10), at(10), at(10), at(10), at(10)], 'A');
      const b = candlesOf([at(50), at(50), [80, 81, 79, 81]], 'B');
      b.time[2] = 5 * HOUR_MS;
      const run = runBoth(
        [a, b],
        (context) => {
          if (context.symbol === 'A' && context.bar.index === 3) context.market('B').buy({ size: 1 });
        },
        { fill: 'close', intrabar, commission: { maker: 0.01, taker: 0.01, fixed: 0 } },
      );
      expect(told(run)).toEqual(['1 @ 80(2) open']);
      expect(run.openTrades[0]!.entryTime).toBe(5 * HOUR_MS);
      // 81 - 80 less 1 % of 80; nothing changes before.
      expect([...run.equity]).toEqual([10_000, 10_000, 10_000, 10_000, 10_000, 10_000.2]);
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import '../../../helpers/property-seed.ts';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import type { BacktestInput, BacktestRun } from '../../../../domain/backtest/run.ts';
import type { Trade } from '../../../../domain/backtest/trade.ts';
import { inputOf, randomRun } from './random-runs.ts';
import type { Row } from './scripted.ts';

const RUNS = { numRuns: 400 };
const FREE = { spread: 0, slippageBps: 0, priceImpact: 0 } as const;

function allTrades({ trades, openTrades }: BacktestRun): readonly Trade[] {
  return [...trades, ...openTrades];
}

function within(input: BacktestInput, symbol: string, bar: number, price: number): boolean {
  const { high, low } = input.markets.find((market) => market.symbol === symbol)!;
  // A tick rounds a stop or limit to the other side of a bar's extreme by no more than the decimals of the data.
  return price >= low[bar]! - 1e-9 && price <= high[bar]! + 1e-9;
}

/** How far a bar goes on from its open, in thousandths of it. */
const later = fc.record({
  move: fc.integer({ min: -80, max: 80 }),
  up: fc.integer({ min: 0, max: 50 }),
  down: fc.integer({ min: 0, max: 50 }),
});

type Later = typeof later extends fc.Arbitrary<infer Value> ? Value : never;

/** The rows with another way from the open of bar `bar` on. */
function withLater(rows: readonly Row[], bar: number, { move, up, down }: Later): readonly Row[] {
  return rows.map((row, i): Row => {
    if (i !== bar) return row;
    const [open, , , , volume = 0] = row;
    const close = open * (1 + move / 1_000);
    return [open, Math.max(open, close) * (1 + up / 1_000), Math.min(open, close) * (1 - down / 1_000), close, volume];
  });
}

/** Units of what was entered at the open of a bar, by symbol, side and the bar that ordered it. */
function entriesAtOpen(input: BacktestInput, bar: number): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const opens = new Map(input.markets.map(({ symbol, open }) => [symbol, open[bar]]));
  for (const { symbol, entryBar, entryPrice, size, tag } of allTrades(runBacktest(input))) {
    if (entryBar !== bar || entryPrice !== opens.get(symbol)) continue;
    const entry = `${symbol} ${Math.sign(size)} ${tag}`;
    sizes.set(entry, (sizes.get(entry) ?? 0) + size);
  }
  return new Map([...sizes].toSorted(([one], [two]) => (one < two ? -1 : 1)));
}

describe('whatever is ordered', () => {
  it('loses and makes no money on the way: capital and profits are the final equity', () => {
    let traded = 0;
    fc.assert(
      fc.property(randomRun, (random) => {
        const run = runBacktest(inputOf(random));
        fc.pre(!run.ruined);
        const trades = allTrades(run);
        traded += trades.length;
        const profits = trades.reduce((sum, { pnl }) => sum + pnl, 0);
        expect(Math.abs(run.initialCash + profits - run.equity.at(-1)!)).toBeLessThan(1e-6);
        const paid = trades.reduce((sum, { commission }) => sum + commission, 0);
        expect(Math.abs(run.commission - paid)).toBeLessThan(1e-6);
      }),
      RUNS,
    );
    expect(traded).toBeGreaterThan(1_000);
  });

  it('fills only at prices that the bar has traded at, but for spread, slippage and impact', () => {
    fc.assert(
      fc.property(randomRun, (random) => {
        const input = inputOf(random, undefined, FREE);
        const run = runBacktest(input);
        for (const trade of run.trades) {
          expect(within(input, trade.symbol, trade.entryBar, trade.entryPrice)).toBe(true);
          expect(within(input, trade.symbol, trade.exitBar, trade.exitPrice)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('fills no order before it was given', () => {
    fc.assert(
      fc.property(randomRun, (random) => {
        const run = runBacktest(inputOf(random));
        const wait = random.broker.fill === 'close' ? 0 : 1;
        for (const { tag, entryBar, exitBar, entryTime, exitTime } of allTrades(run)) {
          expect(entryBar).toBeGreaterThanOrEqual(Number(tag) + wait);
          expect(exitBar).toBeGreaterThanOrEqual(entryBar);
          expect(exitTime).toBeGreaterThanOrEqual(entryTime);
        }
      }),
      RUNS,
    );
  });

  it('gives the same bits for the same input', () => {
    fc.assert(
      fc.property(randomRun, (random) => {
        expect(runBacktest(inputOf(random))).toEqual(runBacktest(inputOf(random)));
      }),
      { numRuns: 100 },
    );
  });

  it('has the same trades and equity up to a bar when the data ends with that bar', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomRun, fc.integer({ min: 2, max: 39 }), (random, bars) => {
        const whole = runBacktest(inputOf(random, undefined, { finalize: false }));
        const cut = runBacktest(inputOf(random, bars, { finalize: false }));
        compared += cut.trades.length;
        expect(cut.trades).toEqual(whole.trades.slice(0, cut.trades.length));
        expect(cut.equity).toEqual(whole.equity.slice(0, cut.equity.length));
      }),
      RUNS,
    );
    expect(compared).toBeGreaterThan(400);
  });

  it('sizes nothing that fills at an open by what comes after it in any symbol', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomRun, later, later, (random, a, b) => {
        const bar = Math.min(39, random.actions[0]!.bar + 1);
        const run = { ...random, missing: random.missing.filter((hour) => hour > bar) };
        const other = { ...run, a: withLater(run.a, bar, a), b: withLater(run.b, bar, b) };
        const [entries, changed] = [run, other].map((each) =>
          entriesAtOpen(inputOf(each, undefined, { ...FREE, fill: 'next-open' }), bar),
        );
        compared += entries!.size;
        expect([...changed!.keys()]).toEqual([...entries!.keys()]);
        for (const [entry, size] of entries!) expect(changed!.get(entry)).toBeCloseTo(size, 9);
      }),
      { numRuns: 1_000 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it('accounts for every order, and holds only what the broker lets it', () => {
    fc.assert(
      fc.property(randomRun, (random) => {
        const run = runBacktest(inputOf(random));
        const { submitted, filled, cancelled, refused } = run.orders;
        expect(filled + cancelled + refused).toBe(submitted);
        for (const { size, symbol, mae, mfe } of allTrades(run)) {
          if (random.broker.direction === 'long') expect(size).toBeGreaterThan(0);
          if (random.broker.direction === 'short') expect(size).toBeLessThan(0);
          if (random.broker.wholeUnits) expect(Number.isInteger(size)).toBe(true);
          const lot = random.broker.instruments[symbol]?.lot ?? 0;
          if (lot > 0) expect(Math.abs(size / lot - Math.round(size / lot))).toBeLessThan(1e-6);
          expect(Math.min(mae, mfe)).toBeGreaterThanOrEqual(0);
        }
        expect(run.exposureBars).toBeLessThanOrEqual(run.times.length);
      }),
      RUNS,
    );
  });
});

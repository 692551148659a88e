import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import '../../../helpers/property-seed.ts';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import type { BacktestInput, BacktestRun } from '../../../../domain/backtest/run.ts';
import type { Trade } from '../../../../domain/backtest/trade.ts';
import { inputOf, randomRun } from './random-runs.ts';

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
          // The reference goes through its orders in turn: a market order at the last close may close what a stop has opened since.
          if (random.broker.fill === 'close' && random.broker.intrabar === 'worst-first') continue;
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

  it('has the same trades up to a bar when the data ends with that bar', () => {
    let compared = 0;
    fc.assert(
      fc.property(randomRun, fc.integer({ min: 2, max: 39 }), (random, bars) => {
        const whole = runBacktest(inputOf(random, undefined, { finalize: false }));
        const cut = runBacktest(inputOf(random, bars, { finalize: false }));
        // A fill at the close of the last bar is the same fill, but in another order of the list.
        const before = random.broker.fill === 'close' ? bars - 1 : bars;
        const early = (run: BacktestRun): readonly Trade[] => run.trades.filter(({ exitBar }) => exitBar < before);
        compared += early(whole).length;
        expect(early(cut)).toEqual(early(whole));
      }),
      RUNS,
    );
    expect(compared).toBeGreaterThan(300);
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

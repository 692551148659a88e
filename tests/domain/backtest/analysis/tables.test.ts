import { describe, expect, it } from '@jest/globals';
import { buyAndHold, compareWithBenchmark } from '../../../../domain/backtest/analysis/compare-with-benchmark.ts';
import { drawdownTable } from '../../../../domain/backtest/analysis/drawdown-table.ts';
import { monthlyReturns } from '../../../../domain/backtest/analysis/monthly-returns.ts';

describe('the table of drawdowns', () => {
  //                              0    1    2   3    4    5    6    7
  const equity = Float64Array.of(100, 120, 90, 120, 130, 117, 125, 128);
  const times = equity.map((_, bar) => 1000 + 10 * bar);

  it('has the deepest first, with its bars and times', () => {
    expect(drawdownTable(equity, times, { start: 100 })).toEqual([
      // 1 - 90/120; from 120 to 120
      {
        peakBar: 1,
        troughBar: 2,
        recoveryBar: 3,
        depth: 0.25,
        peakTime: 1010,
        troughTime: 1020,
        recoveryTime: 1030,
        bars: 2,
        ms: 20,
      },
      // 1 - 117/130, not regained
      {
        peakBar: 4,
        troughBar: 5,
        recoveryBar: null,
        depth: expect.closeTo(0.1, 12),
        peakTime: 1040,
        troughTime: 1050,
        recoveryTime: null,
        bars: 3,
        ms: 30,
      },
    ]);
  });

  it('counts a loss on the first bar, from the start', () => {
    expect(drawdownTable(equity, times, { start: 125, limit: 1 })[0]).toMatchObject({
      peakBar: 0,
      troughBar: 2,
      recoveryBar: 4,
      depth: 0.28,
    });
  });

  it('keeps as many as it is told, of equals the earlier', () => {
    const saw = Float64Array.from({ length: 21 }, (_, bar) => (bar % 2 === 0 ? 100 : 90));
    expect(drawdownTable(saw, saw, { start: 100, limit: 2 }).map(({ troughBar }) => troughBar)).toEqual([1, 3]);
  });

  it('is empty for a curve that never fell', () => {
    expect(drawdownTable(Float64Array.of(1, 2, 2, 3), times, { start: 1 })).toEqual([]);
  });
});

describe('the returns of months', () => {
  it('are on the equity at the end of the month before', () => {
    const closes = [
      Date.UTC(2023, 10, 30),
      Date.UTC(2023, 11, 1),
      Date.UTC(2023, 11, 20),
      Date.UTC(2024, 0, 1),
      Date.UTC(2024, 2, 15),
    ];
    // The bar that closes at midnight of the first of December or January is the last of the month before.
    const [november, year2024] = [Array<null>(12).fill(null), Array<null>(12).fill(null)];
    expect(monthlyReturns(Float64Array.of(100, 110, 99, 132, 66), Float64Array.from(closes), 100)).toEqual([
      {
        year: 2023,
        months: november.with(10, expect.closeTo(0.1, 12) as never).with(11, expect.closeTo(0.2, 12) as never),
        returnRatio: expect.closeTo(0.32, 12),
      },
      { year: 2024, months: year2024.with(2, -0.5 as never), returnRatio: -0.5 },
    ]);
  });

  it('are not defined on an equity that is gone', () => {
    const closes = Float64Array.of(Date.UTC(2024, 0, 5), Date.UTC(2024, 0, 20), Date.UTC(2024, 1, 20));
    const [year] = monthlyReturns(Float64Array.of(100, 0, 0), closes, 100);
    expect(year!.months.slice(0, 2)).toEqual([-1, null]);
  });
});

describe('a comparison with a benchmark', () => {
  it('has the figures of both and of the distance', () => {
    // b = 2 r: beta = cov(r, b) / var(b) = 1/2, and r is b at half the size, so alpha is 0
    const returns = Float64Array.of(0.01, -0.02, 0.03);
    const { series, benchmark, relative } = compareWithBenchmark(
      returns,
      returns.map((value) => 2 * value),
      { periodsPerYear: 252 },
    );
    expect(relative.values).toMatchObject({
      beta: expect.closeTo(0.5, 12),
      alpha: expect.closeTo(0, 12),
      correlation: expect.closeTo(1, 12),
    });
    expect(series.values['bestReturn']).toBe(0.03);
    expect(benchmark.values['bestReturn']).toBe(0.06);
  });

  it('buys for all the cash and holds', () => {
    expect([...buyAndHold(Float64Array.of(50, 75, 25), 1000)]).toEqual([1000, 1500, 500]);
  });

  it('refuses series of different lengths and a price of 0', () => {
    expect(() => compareWithBenchmark(Float64Array.of(0.1), Float64Array.of(0.1, 0.2), { periodsPerYear: 1 })).toThrow(
      '2 returns, the series 1',
    );
    expect(() => buyAndHold(Float64Array.of(0, 1), 100)).toThrow('the first price is 0');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dailyEquity, dailyReturns } from '../../../../domain/backtest/metrics/daily-returns.ts';
import { summarise } from '../../../../domain/backtest/metrics/summarise.ts';
import { yearOfBars } from '../../../../domain/backtest/metrics/year-of-bars.ts';
import { UTC } from '../../../../domain/market/calendar-zone.ts';
import { marketDays, UTC_DAYS, UTC_RULE } from '../../../../domain/market/market-days.ts';
import { DAY_MS, runOf, tradeOf } from './runs.ts';

const HOUR_MS = 3_600_000;
const options = { periodsPerYear: 365 };

describe('daily returns', () => {
  const closes = (hours: readonly number[]): Float64Array => Float64Array.from(hours, (hour) => hour * HOUR_MS);

  it('are of the last equity of each day, from the start', () => {
    // The bar that closes at 24:00 is the last of the first day.
    const equity = Float64Array.of(100, 120, 110, 130, 99);
    expect(dailyEquity(equity, closes([1, 12, 24, 25, 47]), 100)).toEqual({
      equity: Float64Array.of(100, 110, 99),
      days: Float64Array.of(0, DAY_MS),
    });
    expect([...(dailyReturns(equity, closes([1, 12, 24, 25, 47]), 100) as Float64Array)]).toEqual([
      expect.closeTo(0.1, 12),
      expect.closeTo(-0.1, 12),
    ]);
  });

  it('leave out days without a bar', () => {
    expect([...dailyEquity(Float64Array.of(100, 110, 121), closes([24, 48, 120]), 100).days]).toEqual([
      DAY_MS,
      4 * DAY_MS,
    ]);
  });

  it('belong to sessions that begin before midnight when told so', () => {
    const equity = Float64Array.of(100, 110, 121);
    const fromTen = marketDays({ ...UTC_RULE, startMinutes: 22 * 60 }, UTC);
    // Sessions from 22:00 on: bars that close at 23:00 and 01:00 are of one session.
    expect(dailyEquity(equity, closes([1, 23, 25]), 100, fromTen).equity).toEqual(Float64Array.of(100, 121));
    expect(dailyEquity(equity, closes([1, 23, 25]), 100).equity).toEqual(Float64Array.of(100, 110, 121));
  });

  it('compound to the whole, whatever the bars', () => {
    const anyBars = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 50, max: 150 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(anyBars, (bars) => {
        let hour = 0;
        const times = closes(bars.map(([hours]) => (hour += hours)));
        const equity = Float64Array.from(bars, ([, value]) => value);
        const growth = (dailyReturns(equity, times, 100) as Float64Array).reduce(
          (product, value) => product * (1 + value),
          1,
        );
        expect(growth).toBeCloseTo(bars.length === 1 ? 1 : equity.at(-1)! / 100, 10);
      }),
    );
  });
});

describe('a summary', () => {
  it('has annual figures of days, drawdowns of bars, and figures of bars under names of their own', () => {
    // Two days of 12-hour bars; the fall to 55 happens within the second day.
    const run = runOf([100, 100, 110, 55, 110, 121], {
      timeframe: '12h',
      times: Float64Array.of(0, 12, 24, 30, 36, 48).map((h) => h * HOUR_MS),
    });
    const { values, period } = summarise(run, options);
    expect(period).toBe('day');
    expect(values['n']).toBe(3);
    expect(values['maxDrawdown']).toBe(0.5);
    expect(values['dailyMaxDrawdown']).toBe(0);
    // 5 returns of bars in 3 days
    expect(values['perBarPeriodsPerYear']).toBeCloseTo((365 * 5) / 3, 12);
    // (0 + 0.1 - 0.5 + 1 + 0.1) / 5
    expect(values['perBarMeanReturn']).toBeCloseTo(0.14, 12);
  });

  it('has the same figures of bars as of days where a bar is a day', () => {
    const anyEquity = fc.array(fc.integer({ min: 50, max: 150 }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(anyEquity, (equity) => {
        const { values } = summarise(runOf(equity), { ...options, riskFreeRate: 0.03 });
        expect(values['perBarPeriodsPerYear']).toBeCloseTo(365, 9);
        for (const [ofBars, ofDays] of [
          ['perBarAnnualVolatility', 'annualVolatility'],
          ['perBarSharpeRatio', 'sharpeRatio'],
          ['perBarSortinoRatio', 'sortinoRatio'],
        ] as const) {
          const [one, other] = [values[ofBars] ?? null, values[ofDays] ?? null];
          expect(one === null).toBe(other === null);
          if (other !== null) expect(Math.abs(one! - other)).toBeLessThanOrEqual(1e-10 * Math.abs(other));
        }
      }),
    );
  });

  it('keeps the digits of the deviation of bars when the first thousand returns are unlike the others', () => {
    // A thousand and more bars without a position, then 100,000 returns of +1 %, -0.9 % ...: compared with two passes.
    const equity = [100];
    for (let i = 0; i < 101_500; i++) equity.push(equity[i]! * (i < 1_500 ? 1 : i % 2 === 0 ? 1.01 : 1 / 1.0099));
    const { values } = summarise(runOf(equity), options);
    expect(values['perBarSharpeRatio']! / values['sharpeRatio']!).toBeCloseTo(1, 10);
    expect(values['perBarAnnualVolatility']! / values['annualVolatility']!).toBeCloseTo(1, 10);
  });

  it('counts the capital before the first bar: what entering at its close cost is a loss', () => {
    const { values } = summarise(runOf([99, 99, 108.9], { initialCash: 100 }), options);
    expect(values['totalReturn']).toBeCloseTo(0.089, 12);
    expect(values['cumReturnsFinal']).toBeCloseTo(0.089, 12);
    expect(values['maxDrawdown']).toBeCloseTo(0.01, 12);
  });

  it('has the growth of a year by the calendar and by the count', () => {
    // Two years by the calendar, and two returns, of the days that have a bar.
    const run = runOf([100, 110, 121], { times: Float64Array.of(0, 365.25, 730.5).map((days) => days * DAY_MS) });
    const { values } = summarise(run, { periodsPerYear: 4 });
    expect(values['cagr']).toBeCloseTo(0.1, 12);
    expect(values['annualReturn']).toBeCloseTo(1.21 ** (4 / 2) - 1, 12);
  });

  it('takes returns of bars where a bar is longer than a day', () => {
    const run = runOf([100, 110, 99], {
      timeframe: '1w',
      times: Float64Array.of(0, 7, 14).map((days) => days * DAY_MS),
    });
    const { values, period, periodsPerYear } = summarise(run, { periodsPerYear: 52 });
    expect([period, periodsPerYear, values['n']]).toEqual(['bar', 52, 2]);
    // 0.99 in two weeks, and 26 times that in a year of 52.
    expect(values['annualReturn']).toBeCloseTo(0.99 ** 26 - 1, 12);
    expect([yearOfBars('1w', 252), yearOfBars('1d', 252), yearOfBars('1m', 252)]).toEqual([365 / 7, 252, 252]);
  });

  it('counts the bars of a year by those of a whole day where trading never stops, however short the run', () => {
    // 200 minutes across midnight: two parts of days, but 1,440 minutes in each day, 525,600 in a year of 365.
    const times = Float64Array.from({ length: 200 }, (_, minute) => DAY_MS - (100 - minute) * 60_000);
    const run = runOf(
      Array.from(times, (_, bar) => 100 + (bar % 3)),
      { timeframe: '1m', times },
    );
    const open = { ...UTC_DAYS, isAlwaysOpen: true };
    expect(summarise(run, { ...options, days: open }).values['perBarPeriodsPerYear']).toBe(525_600);
    // Sessions have no fixed length: 199 returns of bars for 2 of days.
    expect(summarise(run, { periodsPerYear: 252 }).values['perBarPeriodsPerYear']).toBe((252 * 199) / 2);
  });

  it('has exposure, open trades and costs of the run', () => {
    const openTrades = [tradeOf({ pnl: 3 }), tradeOf({ pnl: -1 })];
    const run = runOf([100, 101, 102, 103], { openTrades, exposureBars: 3, commission: 7 });
    expect(summarise(run, options).values).toMatchObject({
      openTrades: 2,
      openPnl: 2,
      exposureRatio: 0.75,
      commission: 7,
      trades: 0,
    });
  });

  it('names every figure of trades that needs one when there is none', () => {
    const { values, reasons } = summarise(runOf([100, 101, 102]), options);
    for (const name of ['winRate', 'profitFactor', 'expectancy', 'expectancyRatio', 'bestTrade', 'avgTradeMs']) {
      expect([name, values[name], reasons[name]]).toEqual([name, null, 'no trade was closed']);
    }
    expect(reasons['sqn']).toContain('at least 2 closed trades, there are 0');
    expect(reasons['kelly']).toBe('no trade was closed');
  });

  it('counts rows of wins and losses; a trade at 0 ends both', () => {
    const trades = [1, 2, -1, -1, -1, 0, -1, 3].map((pnl) => tradeOf({ pnl, returnRatio: pnl / 100 }));
    expect(summarise(runOf([100, 101], { trades }), options).values).toMatchObject({
      maxConsecutiveWins: 2,
      maxConsecutiveLosses: 3,
      winRate: 3 / 8,
      profitFactor: 1.5, // 6 / 4
      payoff: 2, // 2 / 1
      expectancy: 0.25,
      expectancyR: (3 / 8) * 2 - 5 / 8,
      kelly: 3 / 8 - 5 / 8 / 2,
      grossProfit: 6,
      grossLoss: 4,
    });
  });

  it('caps the number of trades in sqn100 at a hundred', () => {
    // 400 trades: sqrt(400) against sqrt(100)
    const trades = Array.from({ length: 400 }, (_, i) => tradeOf({ pnl: i % 2 === 0 ? 3 : -1 }));
    const { values } = summarise(runOf([100, 101], { trades }), options);
    expect(values['sqn']! / values['sqn100']!).toBeCloseTo(2, 12);
  });

  it.each([
    ['no bar', [], 'cagr', 'no time passed'],
    ['no bar', [], 'exposureRatio', 'no bar was traded'],
    ['no bar', [], 'annualReturn', 'at least 1 returns, there are 0'],
    ['one bar', [100], 'sharpeRatio', 'at least 2 returns'],
    ['one bar', [100], 'perBarSharpeRatio', 'at least 1 return'],
    ['a curve through 0', [100, 0, 50, 60], 'sharpeRatio', 'the equity fell to 0'],
    ['a curve through 0', [100, 0, 50, 60], 'calmarRatio', 'the equity fell to 0'],
    ['an end below 0', [100, 50, -10], 'cagr', 'more than the whole capital was lost'],
  ])('of %s is not defined where it cannot be: %#', (_, equity, name, reason) => {
    const { values, reasons } = summarise(runOf(equity), options);
    expect(values[name]).toBeNull();
    expect(reasons[name]).toContain(reason);
  });

  it('of a ruin has the loss and its depth', () => {
    const { values } = summarise(runOf([100, 50, -10], { ruined: true }), options);
    expect(values).toMatchObject({
      totalReturn: expect.closeTo(-1.1, 12),
      maxDrawdown: expect.closeTo(1.1, 12),
      finalEquity: -10,
    });
  });

  it('compares with a benchmark of the same bars', () => {
    const { values } = summarise(runOf([100, 110, 99]), { ...options, benchmark: Float64Array.of(50, 55, 49.5) });
    expect(values).toMatchObject({
      beta: expect.closeTo(1, 12),
      benchmarkReturn: expect.closeTo(-0.01, 12),
      capture: expect.closeTo(1, 12),
    });
    expect(() => summarise(runOf([100, 110]), { ...options, benchmark: Float64Array.of(1) })).toThrow(
      '1 values, the run 2 bars',
    );
  });

  it.each([
    [{ periodsPerYear: 0 }, 'periodsPerYear is 0'],
    [{ periodsPerYear: 365, riskFreeRate: -1 }, 'riskFreeRate is -1'],
  ])('refuses %j', (given, message) => {
    expect(() => summarise(runOf([100, 110]), given)).toThrow(message);
  });
});

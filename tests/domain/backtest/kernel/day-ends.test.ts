import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { returnEnds } from '../../../../domain/backtest/kernel/day-ends.ts';
import { dailyEquity } from '../../../../domain/backtest/metrics/daily-returns.ts';
import { allocateCandles, type Candles } from '../../../../domain/market/candles.ts';
import { UTC } from '../../../../domain/market/calendar-zone.ts';
import { type MarketDays, marketDays, UTC_RULE } from '../../../../domain/market/market-days.ts';
import { timeframeMs } from '../../../../domain/market/timeframe.ts';

const daysFrom = (startMinutes: number): MarketDays => marketDays({ ...UTC_RULE, startMinutes }, UTC);

function barsAt(times: readonly number[], timeframe: string): Candles {
  const candles = allocateCandles('X', timeframe, times.length);
  candles.time.set(times);
  return candles;
}

it('ends a return with the last bar that closes on a day, at midnight included, and none with the first bar', () => {
  const at = (text: string): number => Date.parse(`2024-08-${text}:00Z`);
  // Closes: 08 23:30, 08 23:45, midnight (still the 8th), 09 00:15, then a gap to 11 12:15.
  const times = ['08T23:15', '08T23:30', '08T23:45', '09T00:00', '11T12:00'].map(at);
  expect([...returnEnds(barsAt(times, '15m'), 0, 5)]).toEqual([2, 3, 4]);
  expect([...returnEnds(barsAt(times, '15m'), 2, 5)]).toEqual([3, 4]);
  expect([...returnEnds(barsAt(times, '15m'), 4, 5)]).toEqual([]);
  // With days from 23:30 on the bar that closes then is the last of its day.
  expect([...returnEnds(barsAt(times, '15m'), 0, 5, daysFrom(23 * 60 + 30))]).toEqual([3, 4]);
});

it('ends a return with every bar but the first where bars are days or longer', () => {
  const day = 86_400_000;
  expect([...returnEnds(barsAt([0, day, 3 * day], '1d'), 0, 3)]).toEqual([1, 2]);
  expect([...returnEnds(barsAt([0, 7 * day, 14 * day], '1w'), 0, 3)]).toEqual([1, 2]);
});

it('takes the bars that the metrics of a run take', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom('15m', '1h', '4h'),
      fc.integer({ min: 0, max: 23 }),
      (gaps, timeframe, hour) => {
        const barMs = timeframeMs(timeframe);
        let time = Date.UTC(2024, 0, 1, 5);
        const candles = barsAt(
          gaps.map((gap) => (time += gap * barMs)),
          timeframe,
        );
        const equity = Float64Array.from(gaps, (_, bar) => 100 + bar);
        const closes = candles.time.map((open) => open + barMs);
        const { equity: daily } = dailyEquity(equity, closes, 100, daysFrom(hour * 60));
        const ends = returnEnds(candles, 0, candles.length, daysFrom(hour * 60));
        expect([...ends].map((bar) => equity[bar])).toEqual([...daily.subarray(1)]);
      },
    ),
  );
});

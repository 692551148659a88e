import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findTimeZone } from '../../../domain/market/time-zones.ts';
import { findCalendar } from '../../../adapters/candles/calendars.ts';
import {
  daysOfBars,
  daysOfOpens,
  type MarketDays,
  marketDays,
  UTC_DAYS,
  UTC_RULE,
} from '../../../domain/market/market-days.ts';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(`${text}Z`);
const isoOf = (time: number): string => new Date(time).toISOString().slice(0, 16);

function daysOf(calendar: string | object): MarketDays {
  const { days } = findCalendar(typeof calendar === 'string' ? calendar : JSON.stringify(calendar));
  return marketDays(days, findTimeZone(days.zone));
}

const dayOf = (days: MarketDays, close: string): string[] => {
  const end = days.endOf(at(close));
  return [isoOf(end), isoOf(days.dateOf(end)).slice(0, 10)];
};

describe('the days of a market', () => {
  it('are those of UTC where nothing else is said, midnight being the end of the day before', () => {
    expect(dayOf(UTC_DAYS, '2024-03-08T12:00')).toEqual(['2024-03-09T00:00', '2024-03-08']);
    expect(dayOf(UTC_DAYS, '2024-03-09T00:00')).toEqual(['2024-03-09T00:00', '2024-03-08']);
    expect(dayOf(UTC_DAYS, '2024-03-09T00:01')).toEqual(['2024-03-10T00:00', '2024-03-09']);
  });

  it('end at 17:00 in New York where currencies are traded, which is 22:00 UTC in winter and 21:00 in summer', () => {
    const forex = daysOf('forex');
    // Friday 8 March 2024; the clocks are put forward on Sunday the 10th.
    expect(dayOf(forex, '2024-03-07T22:00')).toEqual(['2024-03-07T22:00', '2024-03-07']);
    // No day ends while nobody trades: a bar after Friday 17:00 is still of Friday.
    for (const close of ['2024-03-07T22:01', '2024-03-08T22:00', '2024-03-08T23:00', '2024-03-10T21:00']) {
      expect(dayOf(forex, close)).toEqual(['2024-03-10T21:00', '2024-03-08']);
    }
    // Sunday evening belongs to Monday.
    expect(dayOf(forex, '2024-03-10T21:01')).toEqual(['2024-03-11T21:00', '2024-03-11']);
    expect(dayOf(forex, '2024-03-11T21:00')).toEqual(['2024-03-11T21:00', '2024-03-11']);
    expect(dayOf(forex, '2024-03-11T21:01')).toEqual(['2024-03-12T21:00', '2024-03-12']);
    // The clocks are put back on Sunday 3 November 2024.
    expect(dayOf(forex, '2024-11-04T21:30')).toEqual(['2024-11-04T22:00', '2024-11-04']);
  });

  it('are dates of New York for its stocks: trading after 20:00 there is of the same date', () => {
    const stocks = daysOf('us-equities');
    expect(dayOf(stocks, '2024-07-02T20:00')).toEqual(['2024-07-03T04:00', '2024-07-02']);
    expect(dayOf(stocks, '2024-07-03T01:00')).toEqual(['2024-07-03T04:00', '2024-07-02']);
  });

  it('begin at local midnight, or where sessions go on over it, with the first of those', () => {
    const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'];
    const frankfurt = { zone: 'Europe/Berlin', sessions: [{ days: weekdays, open: '09:00', close: '17:30' }] };
    expect(findCalendar(JSON.stringify(frankfurt)).days).toEqual({
      zone: 'Europe/Berlin',
      startMinutes: 0,
      weekdays: [1, 2, 3, 4, 5],
      isAlwaysOpen: false,
    });
    // Futures: from 17:00 of the evening before to 16:00.
    const futures = {
      zone: 'America/Chicago',
      sessions: [
        { days: weekdays, open: '00:00', close: '16:00' },
        { days: ['sun', 'mon', 'tue', 'wed', 'thu'], open: '17:00', close: '24:00' },
      ],
    };
    expect(findCalendar(JSON.stringify(futures)).days).toMatchObject({
      startMinutes: 17 * 60,
      weekdays: [1, 2, 3, 4, 5],
    });
    // Open to midnight, but not beyond it.
    const late = { zone: 'UTC', sessions: [{ days: ['mon'], open: '12:00', close: '24:00' }] };
    expect(findCalendar(JSON.stringify(late)).days).toMatchObject({ startMinutes: 0, weekdays: [1] });
  });

  it('rise with the time and leave no moment out, also where the clock is changed at midnight', () => {
    const zones = ['UTC', 'America/New_York', 'America/Havana', 'Asia/Beirut', 'Pacific/Auckland'];
    const times = fc.integer({ min: at('1990-01-01T00:00'), max: at('2030-01-01T00:00') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 1439 }), times, (zone, startMinutes, time) => {
        const days = marketDays({ ...UTC_RULE, zone, startMinutes }, findTimeZone(zone));
        const end = days.endOf(time);
        expect(end).toBeGreaterThanOrEqual(time);
        expect(end - time).toBeLessThanOrEqual(25 * HOUR_MS);
        expect(days.endOf(end)).toBe(end);
        expect(days.endOf(end + 1)).toBeGreaterThan(end);
      }),
      { numRuns: 500 },
    );
  });

  it('may be told by the opens of bars, and are dates in UTC for bars of a day', () => {
    const forex = daysOf('forex');
    const opens = daysOfOpens(forex, HOUR_MS);
    const end = opens.endOf(at('2024-03-11T20:00'));
    expect([isoOf(end), isoOf(opens.dateOf(end))]).toEqual(['2024-03-11T20:00', '2024-03-11T00:00']);
    expect(dayOf(daysOfBars(forex, '1d'), '2024-03-12T00:00')).toEqual(['2024-03-12T00:00', '2024-03-11']);
    expect(daysOfBars(forex, '1h')).toBe(forex);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gridOf, barOpen, isOnGrid } from '../../../domain/market/bar-grid.ts';
import { alwaysOpen } from '../../../domain/market/calendar.ts';
import { type SessionRules, sessionCalendar } from '../../../domain/market/calendar-sessions.ts';
import { usEquities } from '../../../domain/market/calendar-us-equities.ts';
import {
  fixedZone,
  instantOf,
  localClockOf,
  offsetAt,
  type TimeZone,
  UTC,
} from '../../../domain/market/calendar-zone.ts';
import { daysOf, weekdayOf } from '../../../domain/market/csv-stamp.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const at = (text: string): number => Date.parse(`${text}Z`);

/** New York in 2024: daylight saving from 10 March 07:00 UTC to 3 November 06:00 UTC. */
const NEW_YORK: TimeZone = {
  name: 'New York',
  starts: Float64Array.of(Number.NEGATIVE_INFINITY, at('2024-03-10T07:00'), at('2024-11-03T06:00')),
  offsets: Float64Array.of(-5 * HOUR_MS, -4 * HOUR_MS, -5 * HOUR_MS),
};

describe('the grid of a timeframe', () => {
  it.each([
    ['1m', '2024-01-03T10:07:30', '2024-01-03T10:07:00'],
    ['4h', '2024-01-03T10:07:30', '2024-01-03T08:00:00'],
    ['1d', '2024-01-03T10:07:30', '2024-01-03T00:00:00'],
    ['1w', '2024-01-03T10:07:30', '2024-01-01T00:00:00'],
    ['1w', '1969-12-31T23:00:00', '1969-12-29T00:00:00'],
  ])('puts the %s bar of %s at %s', (timeframe, time, open) => {
    expect(new Date(barOpen(gridOf(timeframe), at(time))).toISOString()).toBe(`${open}.000Z`);
    expect([isOnGrid(gridOf(timeframe), at(open)), isOnGrid(gridOf(timeframe), at(time))]).toEqual([true, false]);
  });
});

describe('a time zone', () => {
  it('changes its offset at the instants of its table', () => {
    const offsets = ['2024-03-10T06:59', '2024-03-10T07:00', '2024-11-03T05:59', '2024-11-03T06:00'].map(
      (time) => offsetAt(NEW_YORK, at(time)) / HOUR_MS,
    );
    expect(offsets).toEqual([-5, -4, -4, -5]);
  });

  it('gives the instant of a local time, NaN for one that is skipped or shown twice', () => {
    const clock = localClockOf(NEW_YORK);
    expect(clock(at('2024-01-15T09:30'))).toBe(at('2024-01-15T14:30'));
    expect(clock(at('2024-07-15T09:30'))).toBe(at('2024-07-15T13:30'));
    expect(clock(at('2024-03-10T01:59'))).toBe(at('2024-03-10T06:59'));
    expect(clock(at('2024-03-10T02:00'))).toBeNaN();
    expect(clock(at('2024-03-10T02:59'))).toBeNaN();
    expect(clock(at('2024-03-10T03:00'))).toBe(at('2024-03-10T07:00'));
    expect(clock(at('2024-11-03T00:59'))).toBe(at('2024-11-03T04:59'));
    expect(clock(at('2024-11-03T01:00'))).toBeNaN();
    expect(clock(at('2024-11-03T01:59'))).toBeNaN();
    expect(clock(at('2024-11-03T02:00'))).toBe(at('2024-11-03T07:00'));
  });

  it('opens a market that is set for a skipped or a double time when people would expect it', () => {
    expect(instantOf(NEW_YORK, at('2024-03-10T02:30'))).toBe(at('2024-03-10T07:30'));
    expect(instantOf(NEW_YORK, at('2024-11-03T01:30'))).toBe(at('2024-11-03T05:30'));
  });

  it('comes back from local time wherever that is clear', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('2024-01-01T00:00'), max: at('2024-12-31T00:00') }), (time) => {
        const back = localClockOf(NEW_YORK)(time + offsetAt(NEW_YORK, time));
        expect(Number.isNaN(back) || back === time).toBe(true);
      }),
    );
    expect(localClockOf(fixedZone('+05:30', 5.5 * HOUR_MS))(at('2024-01-01T05:30'))).toBe(at('2024-01-01T00:00'));
  });
});

describe('a market that never closes', () => {
  it('expects every bar of the grid', () => {
    expect(alwaysOpen.countBars(gridOf('1h'), at('2024-01-01T00:00'), at('2024-01-02T00:00'))).toBe(24);
    expect(alwaysOpen.countBars(gridOf('1h'), at('2024-01-01T00:01'), at('2024-01-01T01:00'))).toBe(0);
    expect(alwaysOpen.countBars(gridOf('1w'), at('2024-01-01T00:00'), at('2024-01-15T00:00'))).toBe(2);
  });
});

describe('a market with trading hours', () => {
  const rules = (given: Partial<SessionRules> = {}): SessionRules => ({
    name: 'test',
    zone: UTC,
    sessions: [{ days: [1, 2, 3, 4, 5], open: 570, close: 960 }],
    isHoliday: () => false,
    earlyClose: () => null,
    ...given,
  });
  const count = (given: SessionRules, timeframe: string, from: string, to: string): number =>
    sessionCalendar(given).countBars(gridOf(timeframe), at(from), at(to));

  it('knows the days of the week', () => {
    // 2024-01-01 was a Monday, 1969-12-31 a Wednesday.
    expect([daysOf(2024, 1, 1), daysOf(2024, 1, 7), -1].map(weekdayOf)).toEqual([1, 7, 3]);
  });

  it('expects the bars of its hours: 390 minutes, and 7 hours of which the first is half', () => {
    expect(count(rules(), '1m', '2024-01-02T00:00', '2024-01-03T00:00')).toBe(390);
    expect(count(rules(), '1h', '2024-01-02T00:00', '2024-01-03T00:00')).toBe(7);
    expect(count(rules(), '1d', '2024-01-01T00:00', '2024-01-15T00:00')).toBe(10);
    expect(count(rules(), '1w', '2024-01-01T00:00', '2024-01-15T00:00')).toBe(2);
  });

  it('expects none on weekends, holidays and behind an early close', () => {
    expect(count(rules(), '1m', '2024-01-06T00:00', '2024-01-08T09:30')).toBe(0);
    const holiday = rules({ isHoliday: (day) => day === daysOf(2024, 1, 2) });
    expect(count(holiday, '1m', '2024-01-02T00:00', '2024-01-03T00:00')).toBe(0);
    const early = rules({ earlyClose: () => 13 * 60 });
    expect(count(early, '1m', '2024-01-02T00:00', '2024-01-03T00:00')).toBe(210);
  });

  it('moves with daylight saving', () => {
    const newYork = rules({ zone: NEW_YORK });
    const first = (day: string): string | undefined => {
      const minutes = Array.from({ length: 1440 }, (_, i) => at(`${day}T00:00`) + i * MINUTE_MS);
      const open = minutes.find(
        (time) => sessionCalendar(newYork).countBars(gridOf('1m'), time, time + MINUTE_MS) === 1,
      );
      return open === undefined ? undefined : new Date(open).toISOString().slice(11, 16);
    };
    expect([first('2024-03-08'), first('2024-03-11'), first('2024-11-01'), first('2024-11-04')]).toEqual([
      '14:30',
      '13:30',
      '13:30',
      '14:30',
    ]);
  });

  it('counts a bar that two sessions share once', () => {
    const lunch = rules({ sessions: [540, 720].map((open) => ({ days: [2], open, close: open + 150 })) });
    // 09:00 to 11:30 and 12:00 to 14:30: the 2h bars of 08:00, 10:00, 12:00 and 14:00, and with 11:30 to 12:30 shut, 4h bars of 08:00 and 12:00.
    expect(count(lunch, '2h', '2024-01-02T00:00', '2024-01-03T00:00')).toBe(4);
    expect(count(lunch, '4h', '2024-01-02T00:00', '2024-01-03T00:00')).toBe(2);
    expect(count(lunch, '12h', '2024-01-02T00:00', '2024-01-03T00:00')).toBe(2);
  });

  it('is the sum of its parts, however a stretch is cut', () => {
    const calendar = sessionCalendar(usEquities(NEW_YORK));
    const minute = fc.integer({ min: 0, max: 400 * 1440 }).map((i) => at('2023-12-20T00:00') + i * MINUTE_MS);
    fc.assert(
      fc.property(minute, minute, minute, fc.constantFrom('1m', '15m', '1h', '1d'), (a, b, c, timeframe) => {
        const grid = gridOf(timeframe);
        const [from, middle, to] = [a, b, c].map((time) => barOpen(grid, time)).toSorted((x, y) => x - y) as [
          number,
          number,
          number,
        ];
        const sum = calendar.countBars(grid, from, middle) + calendar.countBars(grid, middle, to);
        expect(calendar.countBars(grid, from, to)).toBe(sum);
      }),
    );
  });
});

describe('the New York exchanges', () => {
  const { isHoliday, earlyClose } = usEquities(NEW_YORK);
  const weekdays = (year: number): number[] =>
    Array.from({ length: daysOf(year + 1, 1, 1) - daysOf(year, 1, 1) }, (_, i) => daysOf(year, 1, 1) + i).filter(
      (day) => weekdayOf(day) < 6,
    );
  const dates = (days: readonly number[]): string[] =>
    days.map((day) => new Date(day * 86_400_000).toISOString().slice(5, 10));

  // As the exchange published them: nyse.com/markets/hours-calendars.
  it.each([
    [2021, ['01-01', '01-18', '02-15', '04-02', '05-31', '07-05', '09-06', '11-25', '12-24']],
    [2022, ['01-17', '02-21', '04-15', '05-30', '06-20', '07-04', '09-05', '11-24', '12-26']],
    [2024, ['01-01', '01-15', '02-19', '03-29', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25']],
    [2025, ['01-01', '01-09', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25']],
  ])('are closed on the holidays of %d', (year, holidays) => {
    expect(dates(weekdays(year).filter(isHoliday))).toEqual(holidays);
  });

  it.each([
    [2023, ['07-03', '11-24']],
    [2024, ['07-03', '11-29', '12-24']],
    [2025, ['07-03', '11-28', '12-24']],
  ])('end early on the days of %d', (year, days) => {
    expect(dates(weekdays(year).filter((day) => !isHoliday(day) && earlyClose(day) === 780))).toEqual(days);
  });
});

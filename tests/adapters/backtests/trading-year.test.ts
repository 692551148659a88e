import { describe, expect, it } from '@jest/globals';
import { calendarOf, tradingYear } from '../../../adapters/backtests/trading-year.ts';
import { findCalendar } from '../../../adapters/candles/calendars.ts';
import type { CalendarChoice } from '../../../domain/backtest/spec/spec.ts';
import { ALWAYS_OPEN_RULE, type DayRule, UTC_RULE } from '../../../domain/market/market-days.ts';

const [open, stocks, forex] = ['24/7', 'us-equities', 'forex'].map((name) => findCalendar(name).days) as [
  DayRule,
  DayRule,
  DayRule,
];

function yearOf(
  calendar: CalendarChoice | null,
  days: readonly (DayRule | null)[],
  timeframe = '1h',
  periodsPerYear: number | null = null,
) {
  return tradingYear({ calendar, periodsPerYear }, { timeframe, markets: days.map((each) => ({ days: each })) });
}

describe('the year of a run', () => {
  it('is that of the data where the spec says nothing', () => {
    expect(yearOf(null, [stocks])).toMatchObject({ periodsPerYear: 252, days: stocks });
    expect(yearOf(null, [open])).toMatchObject({ periodsPerYear: 365, days: ALWAYS_OPEN_RULE });
    expect(yearOf(null, [null])).toMatchObject({ periodsPerYear: 365, days: ALWAYS_OPEN_RULE });
  });

  it('has all days as soon as one of the markets never closes', () => {
    for (const days of [
      [open, stocks],
      [stocks, open],
      [stocks, forex, open],
    ]) {
      expect(yearOf(null, days)).toMatchObject({ periodsPerYear: 365, days: ALWAYS_OPEN_RULE });
    }
    expect(yearOf(null, [stocks, open]).reason).toContain('one of the markets never closes');
  });

  it('has the days of the first of several markets with sessions, and says so where they differ', () => {
    expect(yearOf(null, [stocks, stocks]).reason).toBe(' (calendar sessions of the data set)');
    const mixed = yearOf(null, [forex, stocks]);
    expect(mixed).toMatchObject({ periodsPerYear: 252, days: forex });
    expect(mixed.reason).toContain('begin at 17:00 America/New_York, as those of the first data set');
  });

  it('is that of the spec before all', () => {
    expect(yearOf('24/7', [stocks])).toMatchObject({ periodsPerYear: 365, days: ALWAYS_OPEN_RULE });
    expect(yearOf('forex', [null])).toMatchObject({ periodsPerYear: 252, days: forex });
    // "sessions" says how many days there are, and not where they begin.
    expect(yearOf('sessions', [null])).toMatchObject({ periodsPerYear: 252, days: UTC_RULE });
    expect(yearOf('sessions', [open, forex])).toMatchObject({ periodsPerYear: 252, days: forex });
    const tokyo = {
      name: 'tokyo',
      zone: 'Asia/Tokyo',
      sessions: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], open: '09:00', close: '15:00' }],
    };
    expect(yearOf(tokyo, [null])).toMatchObject({
      periodsPerYear: 252,
      days: { zone: 'Asia/Tokyo', startMinutes: 0 },
      reason: ' (calendar tokyo of the spec)',
    });
  });

  it('is counted in bars where they are longer than a day, unless it is given', () => {
    expect(yearOf('sessions', [null], '1w').periodsPerYear).toBe(365 / 7);
    expect(yearOf('sessions', [null], '1w', 52)).toMatchObject({
      periodsPerYear: 52,
      reason: ' (periodsPerYear of the spec)',
    });
    expect(yearOf('sessions', [null], '1d').periodsPerYear).toBe(252);
    expect(yearOf(null, [stocks], '1h', 260)).toMatchObject({ periodsPerYear: 260, days: stocks });
  });
});

it('refuses a description that cannot be used by its field', () => {
  expect(() => calendarOf({ zone: 'Nowhere', sessions: [{ days: ['mon'], open: '09:00', close: '17:00' }] })).toThrow(
    'calendar: "Nowhere" is no time zone',
  );
  expect(calendarOf('sessions')).toBeNull();
  expect(calendarOf('forex')!.name).toBe('forex');
});

import { describe, expect, it } from '@jest/globals';
import { findCalendar } from '../../../adapters/candles/calendars.ts';
import { findTimeZone } from '../../../domain/market/time-zones.ts';
import { gridOf } from '../../../domain/market/bar-grid.ts';
import { localClockOf, offsetAt } from '../../../domain/market/calendar-zone.ts';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(`${text}Z`);

describe('a time zone', () => {
  // Rules of the tz database: London and New York in 2024, Kolkata without daylight saving, Lord Howe with half an hour of it.
  it.each([
    ['UTC', '2024-07-01T00:00', 0],
    ['America/New_York', '2024-03-10T06:59', -5],
    ['America/New_York', '2024-03-10T07:00', -4],
    ['America/New_York', '2024-11-03T05:59', -4],
    ['America/New_York', '2024-11-03T06:00', -5],
    // Until 2006 daylight saving began in April.
    ['America/New_York', '2006-04-02T06:59', -5],
    ['America/New_York', '2006-04-02T07:00', -4],
    ['Europe/London', '2024-03-31T00:59', 0],
    ['Europe/London', '2024-03-31T01:00', 1],
    ['Asia/Kolkata', '2024-07-01T00:00', 5.5],
    ['Australia/Lord_Howe', '2024-07-01T00:00', 10.5],
    ['Australia/Lord_Howe', '2024-01-01T00:00', 11],
    ['-05:00', '2024-07-01T00:00', -5],
    ['+0530', '2024-07-01T00:00', 5.5],
  ])('%s at %s is %d hours ahead', (name, time, hours) => {
    expect(offsetAt(findTimeZone(name), at(time)) / HOUR_MS).toBe(hours);
  });

  it('gives local times as the instants that they are', () => {
    expect(localClockOf(findTimeZone('America/New_York'))(at('2013-10-04T09:30'))).toBe(at('2013-10-04T13:30'));
  });

  it.each(['', 'Mars/Olympus', '+5', '-99:00', '+05:70'])('cannot be %j', (name) => {
    expect(() => findTimeZone(name)).toThrow('is no time zone: give a name such as "America/New_York"');
  });
});

describe('a calendar', () => {
  const minutes = (text: string, from: string, to: string): number =>
    findCalendar(text).countBars(gridOf('1m'), at(from), at(to));

  it('may be one with a name', () => {
    expect(minutes('24/7', '2024-07-01T00:00', '2024-07-02T00:00')).toBe(1440);
    expect(minutes('us-equities', '2024-07-01T00:00', '2024-07-06T00:00')).toBe(3 * 390 + 210);
    // Closed from Friday 17:00 to Sunday 17:00 in New York.
    expect(minutes('forex', '2024-07-05T21:00', '2024-07-07T21:00')).toBe(0);
    expect(minutes('forex', '2024-07-01T00:00', '2024-07-08T00:00')).toBe(5 * 1440);
  });

  it('may be described', () => {
    const frankfurt = JSON.stringify({
      name: 'xetra',
      zone: 'Europe/Berlin',
      sessions: [{ days: ['mon', 'Tue', 'wed', 'thu', 'fri'], open: '09:00', close: '17:30' }],
      holidays: ['2024-05-01'],
      earlyCloses: { '2024-05-02': '14:00' },
    });
    expect(findCalendar(frankfurt).name).toBe('xetra');
    expect(minutes(frankfurt, '2024-04-30T00:00', '2024-05-01T00:00')).toBe(510);
    expect(minutes(frankfurt, '2024-05-01T00:00', '2024-05-02T00:00')).toBe(0);
    expect(minutes(frankfurt, '2024-05-02T00:00', '2024-05-03T00:00')).toBe(300);
    expect(minutes(frankfurt, '2024-04-30T06:59', '2024-04-30T07:01')).toBe(1);
  });

  const session = { days: ['mon'], open: '09:00', close: '17:00' };
  it.each([
    ['lunar', 'no calendar "lunar"; known: 24/7, us-equities, forex'],
    ['{', 'is not JSON'],
    [{ sessions: [session] }, 'no "zone"'],
    [{ zone: 'UTC' }, 'no "sessions"'],
    [{ zone: 'UTC', sessions: [] }, 'no "sessions"'],
    [{ zone: 'Nowhere', sessions: [session] }, '"Nowhere" is no time zone'],
    [{ zone: 'UTC', sessions: [null] }, 'a session has no "days"'],
    [{ zone: 'UTC', sessions: [{ ...session, days: ['moonday'] }] }, '"moonday" is no day of the week'],
    [{ zone: 'UTC', sessions: [{ ...session, open: '9' }] }, '"9" is no time of day'],
    [{ zone: 'UTC', sessions: [{ ...session, close: '24:30' }] }, '"24:30" is no time of day'],
    [{ zone: 'UTC', sessions: [{ ...session, open: '18:00' }] }, 'has no length'],
    [{ zone: 'UTC', sessions: [session], holidays: ['25.12.2024'] }, '"25.12.2024" is no date'],
    [{ zone: 'UTC', sessions: [session], holidays: '2024-12-25' }, 'must be a list of dates'],
    [{ zone: 'UTC', sessions: [session], earlyCloses: { '2024-12-24': 13 } }, '"13" is no time of day'],
    [{ zone: 'UTC', sessions: [session], earlyCloses: null }, 'must name times by date'],
    [{ zone: 'UTC', sessions: [session], holiday: [] }, 'has a field "holiday"'],
    [{ zone: 'UTC', sessions: [session], name: '24/7' }, 'text of its own'],
  ])('cannot be %j', (given, message) => {
    expect(() => findCalendar(typeof given === 'string' ? given : JSON.stringify(given))).toThrow(message);
  });
});

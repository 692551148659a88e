import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mayOpen, nextChange } from '../../../../domain/session/hours/trading-hours.ts';
import type { TradingHours, TradingWindow } from '../../../../domain/session/spec.ts';
import '../../../helpers/property-seed.ts';

const NEW_YORK = 'America/New_York';
const at = (text: string): number => Date.parse(`${text}Z`);
const shown = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString().slice(0, 16);

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const windows = (zone: string, list: readonly TradingWindow[], closedOn: readonly string[] = []): TradingHours => ({
  kind: 'windows',
  zone,
  windows: list,
  closedOn,
});
const daily = (zone: string, from: string, to: string): TradingHours => windows(zone, [{ days: everyDay, from, to }]);

/** What becomes of a session's hours from an instant on: `open` and each change. */
function course(hours: TradingHours, from: string, changes: number): readonly (string | boolean | null)[] {
  const told: (string | boolean | null)[] = [mayOpen(hours, at(from))];
  let time: number | null = at(from);
  for (let i = 0; i < changes && time !== null; i += 1) {
    time = nextChange(hours, time);
    told.push(shown(time));
  }
  return told;
}

describe('hours that never end', () => {
  it('are open at any time and never change', () => {
    expect(course({ kind: 'always' }, '2026-03-08T07:00', 1)).toEqual([true, null]);
  });

  it('may be made of windows that meet: a whole day each, or from a time to the same time of the next', () => {
    expect(course(daily('Europe/Berlin', '00:00', '24:00'), '2026-03-29T00:59', 1)).toEqual([true, null]);
    expect(course(daily('Europe/Berlin', '09:00', '09:00'), '2026-03-29T00:59', 1)).toEqual([true, null]);
  });
});

// Instants as Python has them: datetime.fromisoformat(local).replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp(), fold 0.
// In 2026 the clocks of New York change on 8 March and 1 November, those of Berlin on 29 March and 25 October.
describe('a window on the night on which the clock is changed', () => {
  it.each([
    ['as on any other day', '22:00', '04:00', '2026-03-06T12:00', '2026-03-07T03:00', '2026-03-07T09:00'],
    [
      'an hour shorter over the change in spring',
      '22:00',
      '04:00',
      '2026-03-07T12:00',
      '2026-03-08T03:00',
      '2026-03-08T08:00',
    ],
    [
      'an hour longer over the change in autumn',
      '22:00',
      '04:00',
      '2026-10-31T12:00',
      '2026-11-01T02:00',
      '2026-11-01T09:00',
    ],
    ['ends in the skipped hour', '01:30', '02:30', '2026-03-08T05:00', '2026-03-08T06:30', '2026-03-08T07:30'],
    ['lies in the skipped hour', '02:15', '02:45', '2026-03-08T05:00', '2026-03-08T07:15', '2026-03-08T07:45'],
    ['ends behind the doubled hour', '01:30', '02:30', '2026-11-01T03:00', '2026-11-01T05:30', '2026-11-01T07:30'],
    ['ends in the doubled hour', '00:30', '01:30', '2026-11-01T03:00', '2026-11-01T04:30', '2026-11-01T05:30'],
    ['lies in the doubled hour', '01:30', '01:45', '2026-11-01T03:00', '2026-11-01T05:30', '2026-11-01T05:45'],
  ])('in New York: %s', (_, from, to, before, opens, closes) => {
    const hours = daily(NEW_YORK, from, to);
    expect(course(hours, before, 2)).toEqual([false, opens, closes]);
    const answers = [at(opens) - 1, at(opens), at(closes) - 1, at(closes)].map((time) => mayOpen(hours, time));
    expect(answers).toEqual([false, true, true, false]);
  });

  it('in New York: is left out where it would end, by the changed clock, before it began', () => {
    // 02:30 is 07:30 UTC and 03:15 is 07:15 UTC that night; on the next one 02:30 is 06:30 UTC.
    expect(course(daily(NEW_YORK, '02:30', '03:15'), '2026-03-08T05:00', 1)).toEqual([false, '2026-03-09T06:30']);
  });

  it.each([
    [
      'in Berlin in spring',
      'Europe/Berlin',
      '01:30',
      '03:30',
      '2026-03-28T12:00',
      '2026-03-29T00:30',
      '2026-03-29T01:30',
    ],
    [
      'in Berlin in autumn',
      'Europe/Berlin',
      '01:30',
      '03:30',
      '2026-10-24T12:00',
      '2026-10-24T23:30',
      '2026-10-25T02:30',
    ],
    [
      'on Lord Howe by half an hour',
      'Australia/Lord_Howe',
      '01:15',
      '02:15',
      '2026-04-04T12:00',
      '2026-04-04T14:15',
      '2026-04-04T15:45',
    ],
    [
      'in Santiago where midnight is skipped',
      'America/Santiago',
      '23:30',
      '01:30',
      '2026-09-06T00:00',
      '2026-09-06T03:30',
      '2026-09-06T04:30',
    ],
    [
      'in Santiago where the hour before midnight is doubled',
      'America/Santiago',
      '23:30',
      '00:30',
      '2026-04-05T00:00',
      '2026-04-05T02:30',
      '2026-04-05T04:30',
    ],
  ])('%s', (_, zone, from, to, before, opens, closes) => {
    expect(course(daily(zone, from, to), before, 2)).toEqual([false, opens, closes]);
  });

  it('keeps the local time from one side of the change to the other', () => {
    const office = windows('Europe/Berlin', [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:30' }]);
    // Friday and Monday around the changes.
    expect(course(office, '2026-03-27T07:59', 3)).toEqual([
      false,
      '2026-03-27T08:00',
      '2026-03-27T16:30',
      '2026-03-30T07:00',
    ]);
    expect(course(office, '2026-10-23T15:29', 3)).toEqual([
      true,
      '2026-10-23T15:30',
      '2026-10-26T08:00',
      '2026-10-26T16:30',
    ]);
  });
});

describe('windows', () => {
  it('over midnight belong to the day on which they begin', () => {
    const friday = windows('UTC', [{ days: [5], from: '22:00', to: '02:00' }]);
    // 2026-01-02 was a Friday.
    expect(course(friday, '2026-01-01T23:00', 3)).toEqual([
      false,
      '2026-01-02T22:00',
      '2026-01-03T02:00',
      '2026-01-09T22:00',
    ]);
  });

  it('do not begin on closed dates, and go on into them', () => {
    const nights = windows('UTC', [{ days: everyDay, from: '22:00', to: '02:00' }], ['2026-12-25']);
    expect(course(nights, '2026-12-24T21:00', 3)).toEqual([
      false,
      '2026-12-24T22:00',
      '2026-12-25T02:00',
      '2026-12-26T22:00',
    ]);
  });

  it('close on the local date, which may be another one than in UTC', () => {
    const tokyo = windows('Asia/Tokyo', [{ days: everyDay, from: '09:00', to: '15:00' }], ['2026-05-04']);
    expect(course(tokyo, '2026-05-03T00:00', 2)).toEqual([true, '2026-05-03T06:00', '2026-05-05T00:00']);
  });

  it('that overlap or meet are one stretch', () => {
    const two = windows('UTC', [
      { days: everyDay, from: '10:00', to: '12:00' },
      { days: everyDay, from: '08:00', to: '10:00' },
      { days: everyDay, from: '11:00', to: '13:00' },
    ]);
    expect(course(two, '2026-01-05T07:00', 3)).toEqual([
      false,
      '2026-01-05T08:00',
      '2026-01-05T13:00',
      '2026-01-06T08:00',
    ]);
  });

  it('end with the day at 24:00', () => {
    expect(course(daily('UTC', '20:00', '24:00'), '2026-01-05T20:00', 2)).toEqual([
      true,
      '2026-01-06T00:00',
      '2026-01-06T20:00',
    ]);
  });

  it('say that nothing will change where they are all closed for years', () => {
    const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
    const closed = windows(
      'UTC',
      [{ days: everyDay, from: '09:00', to: '17:00' }],
      Array.from({ length: 999 }, (_, n) => day(n)),
    );
    expect(course(closed, '2026-01-02T00:00', 1)).toEqual([false, null]);
  });

  it('change where the answer changes, and nowhere before', () => {
    const minute = (text: number): string =>
      `${String(Math.floor(text / 60)).padStart(2, '0')}:${String(text % 60).padStart(2, '0')}`;
    const windowOf = fc.record({
      days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      from: fc.integer({ min: 0, max: 1439 }).map(minute),
      to: fc.integer({ min: 0, max: 1440 }).map(minute),
    });
    const zones = fc.constantFrom('UTC', NEW_YORK, 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago');
    const nights = ['2026-03-08', '2026-03-29', '2026-04-05', '2026-09-06', '2026-10-04', '2026-10-25', '2026-11-01'];
    const instant = fc
      .tuple(fc.constantFrom(...nights), fc.integer({ min: -2880, max: 2880 }))
      .map(([night, minutes]) => at(`${night}T03:00`) + minutes * 60_000);
    fc.assert(
      fc.property(zones, fc.array(windowOf, { minLength: 1, maxLength: 3 }), instant, (zone, list, time) => {
        const hours = windows(zone, list);
        const change = nextChange(hours, time);
        const isOpen = mayOpen(hours, time);
        const end = Math.min(change ?? Number.POSITIVE_INFINITY, time + 2 * 86_400_000);
        for (let t = time; t < end; t += 15 * 60_000) expect(mayOpen(hours, t)).toBe(isOpen);
        if (change === null) return;
        expect(change).toBeGreaterThan(time);
        expect([mayOpen(hours, change - 1), mayOpen(hours, change)]).toEqual([isOpen, !isOpen]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the hours of the New York exchanges', () => {
  const hours: TradingHours = { kind: 'calendar', calendar: 'us-equities' };

  it('let a bar open positions that closes in them: at the opening, and no more at the close', () => {
    const closes = ['14:29', '14:30', '14:45', '20:45', '21:00'].map((time) => at(`2026-01-05T${time}`));
    expect(closes.map((close) => mayOpen(hours, close))).toEqual([false, true, true, true, false]);
  });

  it('follow daylight saving: 8 March and 1 November 2026', () => {
    expect(course(hours, '2026-03-06T22:00', 2)).toEqual([false, '2026-03-09T13:30', '2026-03-09T20:00']);
    expect(course(hours, '2026-10-30T19:59', 3)).toEqual([
      true,
      '2026-10-30T20:00',
      '2026-11-02T14:30',
      '2026-11-02T21:00',
    ]);
  });

  // As the exchange has published them (nyse.com/markets/hours-calendars); 4 July 2026 is a Saturday.
  it.each([
    ['2026-01-01'],
    ['2026-01-19'],
    ['2026-02-16'],
    ['2026-04-03'],
    ['2026-05-25'],
    ['2026-06-19'],
    ['2026-07-03'],
    ['2026-09-07'],
    ['2026-11-26'],
    ['2026-12-25'],
  ])('are closed all day on %s', (date) => {
    const noon = at(`${date}T17:00`);
    expect(mayOpen(hours, noon)).toBe(false);
    expect(nextChange(hours, noon)).toBeGreaterThan(noon + 20 * 3_600_000);
  });

  it.each([['2026-11-27'], ['2026-12-24']])('end at 13:00 on %s', (date) => {
    expect(course(hours, `${date}T15:00`, 1)).toEqual([true, `${date}T18:00`]);
  });

  it('tell a session that is started outside of them when they begin: over a long week-end', () => {
    // Thursday 2 July after the close, then the holiday, then the week-end.
    expect(course(hours, '2026-07-02T20:30', 2)).toEqual([false, '2026-07-06T13:30', '2026-07-06T20:00']);
  });
});

describe('the hours of the currency market', () => {
  it('are one stretch from Sunday 17:00 to Friday 17:00 in New York, an hour shorter by UTC when the clock is put forward between', () => {
    const hours: TradingHours = { kind: 'calendar', calendar: 'forex' };
    expect(course(hours, '2026-03-07T12:00', 2)).toEqual([false, '2026-03-08T21:00', '2026-03-13T21:00']);
    expect(course(hours, '2026-03-06T21:59', 2)).toEqual([true, '2026-03-06T22:00', '2026-03-08T21:00']);
  });
});

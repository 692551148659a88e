import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { daysOf, parseStamp } from '../../../domain/market/csv-stamp.ts';

const HOUR_MS = 3_600_000;
/** A clock an hour ahead of UTC. */
const ahead = (local: number): number => local - HOUR_MS;
const parse = (text: string, clock = (local: number): number => local): number => {
  const bytes = new TextEncoder().encode(`;${text};`);
  return parseStamp(bytes, 1, bytes.length - 1, clock);
};

describe('days since 1970', () => {
  it('are those of the calendar, leap years and all', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1600-01-01T00:00:00Z'), max: new Date('2400-01-01T00:00:00Z'), noInvalidDate: true }),
        (date) => {
          const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
          expect(daysOf(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(midnight / 86_400_000);
        },
      ),
    );
  });
});

describe('a stamp', () => {
  it('may be any instant in ISO 8601', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1901-01-01T00:00:00Z'), max: new Date('2199-01-01T00:00:00Z'), noInvalidDate: true }),
        (date) => {
          const text = date.toISOString();
          expect(parse(text)).toBe(date.getTime());
          expect(parse(text.slice(0, -1).replace('T', ' '))).toBe(date.getTime());
          expect(parse(text.slice(0, -1), ahead)).toBe(date.getTime() - HOUR_MS);
        },
      ),
    );
  });

  it.each([
    ['2024-01-31', '2024-01-31T00:00:00Z'],
    ['2024-01-31T23:59', '2024-01-31T23:59:00Z'],
    ['2024-01-31 23:59:30', '2024-01-31T23:59:30Z'],
    ['2024-01-31T23:59:30.5Z', '2024-01-31T23:59:30.500Z'],
    ['2024-01-31T23:59:30.250000', '2024-01-31T23:59:30.250Z'],
    ['2024-01-31T23:59:00+05:30', '2024-01-31T18:29:00Z'],
    ['2024-01-31T23:59:00-0500', '2024-02-01T04:59:00Z'],
    ['2024-01-31T23:59+01', '2024-01-31T22:59:00Z'],
    ['1706745540', '2024-01-31T23:59:00Z'],
    ['1706745540.0', '2024-01-31T23:59:00Z'],
    ['1706745540000', '2024-01-31T23:59:00Z'],
    ['1706745540000000', '2024-01-31T23:59:00Z'],
    ['1706745540000000000', '2024-01-31T23:59:00Z'],
  ])('%s is %s', (text, instant) => {
    expect(parse(text)).toBe(Date.parse(instant));
  });

  it('without a time of day is UTC midnight, whatever the clock', () => {
    expect(parse('2024-01-31', ahead)).toBe(Date.parse('2024-01-31T00:00:00Z'));
  });

  it('with an offset of its own does not ask the clock', () => {
    expect(parse('2024-01-31T12:00:00Z', ahead)).toBe(Date.parse('2024-01-31T12:00:00Z'));
  });

  it.each([
    '',
    '20240131',
    '12345',
    '-1706745540',
    '31/01/2024',
    '2024/01/31',
    '2024-1-31',
    '2024-02-30',
    '2023-02-29',
    '2024-13-01',
    '2024-01-31T24:00',
    '2024-01-31T23:60',
    '2024-01-31T23:59:60',
    '2024-01-31T',
    '2024-01-31T23',
    '2024-01-31T23:59:',
    '2024-01-31T23:59:00.',
    '2024-01-31T23:59:00z',
    '2024-01-31T23:59:00+1',
    '2024-01-31T23:59:00 UTC',
    '2024-01-31x23:59',
    'NaN',
  ])('cannot be %j', (text) => {
    expect(parse(text)).toBeNaN();
  });
});

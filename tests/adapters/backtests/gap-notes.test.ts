import { expect, it } from '@jest/globals';
import { gapNotes } from '../../../adapters/backtests/gap-notes.ts';
import { findCalendar } from '../../../adapters/candles/calendars.ts';
import { allocateCandles, type Candles } from '../../../domain/market/candles.ts';
import { GapCounter } from '../../../domain/market/dataset-gaps.ts';

function hoursAt(...hours: readonly number[]): Candles {
  const candles = allocateCandles('X', '1h', hours.length);
  candles.time.set(hours.map((hour) => Date.UTC(2024, 0, 3) + hour * 3_600_000));
  return candles;
}

it('names the longest stretch without a bar where no calendar says what should be there', () => {
  // Hours 2 and 3 are missing, and 6 to 15: ten of them from 06:00 on.
  const [note, ...others] = gapNotes(hoursAt(0, 1, 4, 5, 16), null);
  expect(note).toContain('X: 2 stretches without bars, the longest of 10 hours from 2024-01-03T06:00:00.000Z');
  expect(others).toEqual([]);
  expect(gapNotes(hoursAt(0, 1, 2), null)).toEqual([]);
});

it('counts what is missing and what should not be there by a calendar', () => {
  const candles = hoursAt(14, 15, 17, 30);
  const counter = new GapCounter('1h', findCalendar('us-equities'));
  counter.add(candles);
  // Wednesday 09:30 to 16:00 in New York is 14:30 to 21:00 UTC: the hours 16, 18, 19, 20 are missing; 30 is Thursday 06:00.
  expect(gapNotes(candles, counter.report())).toEqual([
    'X: 2 gaps, 4 bars are missing by the calendar us-equities',
    'X: 1 bars lie outside the hours of the calendar us-equities',
  ]);
});

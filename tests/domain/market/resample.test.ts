import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { closedBarIndex, resample } from '../../../domain/market/resample.ts';
import { timeframeMs } from '../../../domain/market/timeframe.ts';
import { barsAt } from './bars.ts';

const MINUTE_MS = 60_000;
const T0 = Date.UTC(2024, 0, 1);
const iso = (time: number): string => new Date(time).toISOString();

/** Minute bars from a start on, with some left out. */
const minutes = fc
  .tuple(fc.integer({ min: 0, max: 3 * 1440 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 400 }))
  .map(([start, there]) =>
    barsAt(
      '1m',
      there.flatMap((isThere, i) => (isThere || i === 0 ? [T0 + (start + i) * MINUTE_MS] : [])),
    ),
  );
const timeframes = fc.constantFrom('1m', '3m', '5m', '15m', '1h', '4h');

/** The bars of `base` that open in `[from, to)`, as plain rows. */
function rowsIn(base: Candles, from: number, to: number) {
  return Array.from({ length: base.length }, (_, i) => ({
    time: base.time[i]!,
    open: base.open[i]!,
    high: base.high[i]!,
    low: base.low[i]!,
    close: base.close[i]!,
    volume: base.volume[i]!,
  })).filter(({ time }) => time >= from && time < to);
}

describe('resampling', () => {
  it('takes first open, highest high, lowest low, last close and all volume', () => {
    const builder = new CandleBuilder('X', '1m');
    builder.add(T0, 10, 12, 9, 11, 1);
    builder.add(T0 + MINUTE_MS, 11, 15, 11, 14, 2);
    builder.add(T0 + 2 * MINUTE_MS, 14, 14, 7, 8, 4);
    const { candles, parts, incomplete, isLastLeftOut } = resample(builder.take(), '3m');
    expect(candles).toMatchObject({
      symbol: 'X',
      timeframe: '3m',
      length: 1,
      time: Float64Array.of(T0),
      open: Float64Array.of(10),
      high: Float64Array.of(15),
      low: Float64Array.of(7),
      close: Float64Array.of(8),
      volume: Float64Array.of(7),
    });
    expect([Array.from(parts), incomplete, isLastLeftOut]).toEqual([[3], 0, false]);
  });

  it('is what the definition says, for any gaps and any multiple', () => {
    fc.assert(
      fc.property(minutes, timeframes, (base, timeframe) => {
        const { candles, parts, incomplete, isLastLeftOut } = resample(base, timeframe);
        const step = timeframeMs(timeframe);
        const end = base.time[base.length - 1]! + MINUTE_MS;
        const opens = [...new Set(Array.from(base.time, (time) => time - (time % step)))];
        const closed = opens.filter((open) => open + step <= end);
        expect(Array.from(candles.time)).toEqual(closed);
        expect(isLastLeftOut).toBe(closed.length < opens.length);
        closed.forEach((open, i) => {
          const rows = rowsIn(base, open, open + step);
          expect(candles.open[i]).toBe(rows[0]!.open);
          expect(candles.close[i]).toBe(rows.at(-1)!.close);
          expect(candles.high[i]).toBe(Math.max(...rows.map(({ high }) => high)));
          expect(candles.low[i]).toBe(Math.min(...rows.map(({ low }) => low)));
          expect(candles.volume[i]).toBe(rows.reduce((sum, { volume }) => sum + volume, 0));
          expect(parts[i]).toBe(rows.length);
        });
        expect(incomplete).toBe(Array.from(parts).filter((count) => count < step / MINUTE_MS).length);
      }),
    );
  });

  it('does not look ahead: later bars change no bar that had closed before them', () => {
    fc.assert(
      fc.property(minutes, timeframes, fc.nat(), (base, timeframe, cut) => {
        const length = 1 + (cut % base.length);
        const early = resample(barsAt('1m', Array.from(base.time.subarray(0, length))), timeframe).candles;
        const all = resample(base, timeframe).candles;
        for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) {
          expect(all[name].subarray(0, early.length)).toEqual(early[name]);
        }
      }),
    );
  });

  it('gives the same bars in one step or in two', () => {
    fc.assert(
      fc.property(minutes, (base) => {
        expect(
          resample(resample(base, '5m').candles, '15m').candles.time.every(
            (time, i) => time === resample(base, '15m').candles.time[i],
          ),
        ).toBe(true);
      }),
    );
  });

  it('begins days at UTC midnight and weeks on Mondays', () => {
    // 2024-01-01 was a Monday; the data begin on the Wednesday before and end with Monday the 8th.
    const hours = Array.from({ length: 13 * 24 }, (_, i) => Date.UTC(2023, 11, 27) + i * 3_600_000);
    const base = barsAt('1h', hours);
    expect(iso(resample(base, '1d').candles.time[0]!)).toBe('2023-12-27T00:00:00.000Z');
    const weeks = resample(base, '1w');
    expect(Array.from(weeks.candles.time, iso)).toEqual(['2023-12-25T00:00:00.000Z', '2024-01-01T00:00:00.000Z']);
    expect([Array.from(weeks.parts), weeks.incomplete, weeks.isLastLeftOut]).toEqual([[5 * 24, 7 * 24], 1, true]);
  });

  it('leaves out the last bar until the very bar that closes it', () => {
    const times = Array.from({ length: 15 }, (_, i) => T0 + i * MINUTE_MS);
    expect(resample(barsAt('1m', times.slice(0, 14)), '15m').candles.length).toBe(0);
    expect(resample(barsAt('1m', times), '15m').candles.length).toBe(1);
  });

  it.each([
    ['15m', '1m'],
    ['15m', '20m'],
    ['1h', '90m'],
    ['3d', '3w'],
    ['1m', '1x'],
  ])('refuses to make bars of %s into %s', (from, to) => {
    expect(() => resample(barsAt(from, [T0]), to)).toThrow(RangeError);
  });

  it('makes nothing of nothing', () => {
    expect(resample(barsAt('1m', []), '5m')).toMatchObject({
      candles: { length: 0 },
      incomplete: 0,
      isLastLeftOut: false,
    });
  });
});

describe('the last closed higher bar', () => {
  it('is known from the base bar on that closes with it', () => {
    const base = barsAt(
      '5m',
      Array.from({ length: 7 }, (_, i) => T0 + i * 5 * MINUTE_MS),
    );
    const { candles } = resample(base, '15m');
    // The third 5m bar closes at 00:15, as the first 15m bar does.
    expect(Array.from(closedBarIndex(base, candles))).toEqual([-1, -1, 0, 0, 0, 1, 1]);
  });

  it('has always closed, and the one after it has not', () => {
    fc.assert(
      fc.property(minutes, timeframes, (base, timeframe) => {
        const higher = resample(base, timeframe).candles;
        const step = timeframeMs(timeframe);
        const index = closedBarIndex(base, higher);
        const closes = Array.from(higher.time, (time) => time + step);
        const expected = Array.from(base.time, (time) => closes.findLastIndex((close) => close <= time + MINUTE_MS));
        expect(Array.from(index)).toEqual(expected);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { sha256 } from '../../../adapters/candles/sha256.ts';
import { alwaysOpen, type Calendar } from '../../../domain/market/calendar.ts';
import { ALWAYS_OPEN_RULE, UTC_RULE } from '../../../domain/market/market-days.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import { barsIn, firstBarFrom } from '../../../domain/market/candle-range.ts';
import { type Candles, sliceCandles } from '../../../domain/market/candles.ts';
import { DatasetFactsGatherer } from '../../../domain/market/dataset-facts.ts';
import { DatasetHash, datasetIdOf, symbolProblem } from '../../../domain/market/dataset.ts';
import { GapCounter } from '../../../domain/market/dataset-gaps.ts';
import { barsAt } from './bars.ts';

const T0 = Date.UTC(2024, 0, 1);
const MINUTE_MS = 60_000;
const minutes = (...places: readonly number[]): Candles =>
  barsAt(
    '1m',
    places.map((place) => T0 + place * MINUTE_MS),
  );

function hashOf(symbol: string, timeframe: string, ...pieces: readonly Candles[]): string {
  const hash = new DatasetHash(symbol, timeframe, sha256());
  for (const piece of pieces) hash.add(piece);
  return hash.finish();
}

describe('the hash of a data set', () => {
  it('is SHA-256 over name, symbol, timeframe and the bars as little-endian floats', () => {
    const bars = minutes(0, 1);
    const bytes = [0, 1].flatMap((i) =>
      (['time', 'open', 'high', 'low', 'close', 'volume'] as const).map((name) => {
        const eight = Buffer.alloc(8);
        eight.writeDoubleLE(bars[name][i]!);
        return eight;
      }),
    );
    const expected = createHash('sha256')
      .update('tradewind-candles-1\nBTC/USDT\n1m\n')
      .update(Buffer.concat(bytes))
      .digest('hex');
    expect(hashOf('BTC/USDT', '1m', bars)).toBe(expected);
    expect(datasetIdOf(expected)).toBe(`ds_${expected.slice(0, 16)}`);
  });

  it('does not depend on the pieces in which the bars come', () => {
    const bars = minutes(...Array.from({ length: 10_000 }, (_, i) => i));
    const whole = hashOf('X', '1m', bars);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (cut) => {
        expect(hashOf('X', '1m', sliceCandles(bars, 0, cut), sliceCandles(bars, cut, 10_000))).toBe(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('is another for any change', () => {
    const bars = minutes(0, 1, 2);
    const other = minutes(0, 1, 2);
    other.close[1] = other.close[1]! + Number.EPSILON * 16;
    const hashes = [
      hashOf('X', '1m', bars),
      hashOf('Y', '1m', bars),
      hashOf('X', '5m', bars),
      hashOf('X', '1m', other),
      hashOf('X', '1m', minutes(0, 1)),
    ];
    expect(new Set(hashes).size).toBe(5);
  });
});

describe('the gaps of a data set', () => {
  const report = (bars: Candles, calendar: Calendar = alwaysOpen, cut = 0) => {
    const gaps = new GapCounter('1m', calendar);
    gaps.add(sliceCandles(bars, 0, cut));
    gaps.add(sliceCandles(bars, cut, bars.length));
    return gaps.report();
  };

  it('are counted with the bars that are missing', () => {
    const expected = {
      calendar: '24/7',
      days: ALWAYS_OPEN_RULE,
      count: 2,
      missingBars: 5,
      outsideBars: 0,
      first: [
        { after: T0 + MINUTE_MS, before: T0 + 3 * MINUTE_MS, bars: 1 },
        { after: T0 + 3 * MINUTE_MS, before: T0 + 8 * MINUTE_MS, bars: 4 },
      ],
    };
    // Also when a gap lies between two pieces.
    for (const cut of [0, 1, 2, 3, 4]) expect(report(minutes(0, 1, 3, 8), alwaysOpen, cut)).toEqual(expected);
    expect(report(minutes(0, 1, 2))).toMatchObject({ count: 0, missingBars: 0, first: [] });
  });

  it('name the first ten only', () => {
    const gappy = minutes(...Array.from({ length: 30 }, (_, i) => i * 2));
    expect(report(gappy)).toMatchObject({ count: 29, missingBars: 29 });
    expect(report(gappy).first).toHaveLength(10);
  });

  it('are those of the calendar; bars at other times are counted apart', () => {
    // Open in the first two minutes of every ten.
    const calendar: Calendar = {
      days: UTC_RULE,
      name: 'tens',
      countBars: (_grid, from, to) => {
        let count = 0;
        for (let time = from; time < to; time += MINUTE_MS) if (((time - T0) / MINUTE_MS) % 10 < 2) count += 1;
        return count;
      },
    };
    expect(report(minutes(0, 1, 10, 11), calendar)).toMatchObject({ count: 0, outsideBars: 0 });
    expect(report(minutes(0, 5, 11), calendar)).toMatchObject({ count: 2, missingBars: 2, outsideBars: 1 });
  });
});

describe('the facts of a data set', () => {
  it('tell rows, first and last bar', () => {
    const facts = new DatasetFactsGatherer('X', '1m', alwaysOpen, sha256());
    for (const piece of [minutes(0, 1), minutes(), minutes(4)]) facts.add(piece);
    expect(facts.finish()).toMatchObject({ rows: 3, firstAt: T0, lastAt: T0 + 4 * MINUTE_MS, gaps: { count: 1 } });
  });
});

describe('a range of bars', () => {
  const bars = minutes(0, 1, 5, 6);
  it('has its start and not its end', () => {
    const cut = barsIn(bars, T0 + MINUTE_MS, T0 + 6 * MINUTE_MS);
    expect(Array.from(cut.time)).toEqual([T0 + MINUTE_MS, T0 + 5 * MINUTE_MS]);
    expect(cut.time.buffer).toBe(bars.time.buffer);
    expect(barsIn(bars, null, null).length).toBe(4);
    expect(firstBarFrom(bars, T0 + 2 * MINUTE_MS)).toBe(2);
  });

  it('that is empty is refused with what there is', () => {
    expect(() => barsIn(bars, T0 + 2 * MINUTE_MS, T0 + 5 * MINUTE_MS)).toThrow(
      'there is no bar from 2024-01-01T00:02:00Z to 2024-01-01T00:05:00Z; the bars open from 2024-01-01T00:00:00Z to 2024-01-01T00:06:00Z',
    );
    expect(() => barsIn(minutes(), null, null)).toThrow('there is no bar at all');
  });
});

describe('building columns', () => {
  it('keeps every bar while they grow, and begins anew when they are taken', () => {
    const builder = new CandleBuilder('X', '1m', 1);
    for (let i = 0; i < 1000; i += 1) builder.add(i, i + 0.1, i + 0.2, i + 0.3, i + 0.4, i + 0.5);
    const taken = builder.take();
    expect([taken.length, taken.time.length, builder.length]).toEqual([1000, 1000, 0]);
    expect([
      taken.time[999],
      taken.open[999],
      taken.high[999],
      taken.low[999],
      taken.close[999],
      taken.volume[999],
    ]).toEqual([999, 999.1, 999.2, 999.3, 999.4, 999.5]);
    builder.add(7, 1, 1, 1, 1, 1);
    expect(Array.from(builder.take().time)).toEqual([7]);
    expect(taken.time[0]).toBe(0);
  });
});

describe('a symbol', () => {
  it.each(['BTC/USDT', 'X', 'BTC/USDT:USDT', 'S&P 500', 'é'.repeat(64)])('may be %j', (symbol) => {
    expect(symbolProblem(symbol)).toBeNull();
  });
  it.each(['', ' ', ' X', 'X ', 'A\nB', 'A\u0000B', 'x'.repeat(65)])('cannot be %j', (symbol) => {
    expect(symbolProblem(symbol)).toContain('1 to 64 visible characters');
  });
});

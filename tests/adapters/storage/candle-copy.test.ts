import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BarDecoder, COPY_HEADER, COPY_TRAILER, encodeBars } from '../../../adapters/storage/candle-copy.ts';
import { allocateCandles, type Candles } from '../../../domain/market/candles.ts';

/** 2000-01-01T00:00:00Z, where Postgres begins to count microseconds. */
const POSTGRES_EPOCH = Date.UTC(2000, 0, 1);
const NAMES = ['open', 'high', 'low', 'close', 'volume'] as const;

function barsOf(times: readonly number[]): Candles {
  const bars = allocateCandles('X', '1m', times.length);
  times.forEach((time, i) => {
    bars.time[i] = time;
    NAMES.forEach((name, column) => (bars[name][i] = (i + 1) / (column + 3)));
  });
  return bars;
}

/** A field as the documentation of COPY describes it: its length, then its value, all big-endian. */
function field(write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeInt32BE(8, 0);
  write(bytes);
  return bytes;
}
const integer = (value: bigint): Buffer => field((bytes) => bytes.writeBigInt64BE(value, 4));
const float = (value: number): Buffer => field((bytes) => bytes.writeDoubleBE(value, 4));
const micros = (time: number): bigint => BigInt(time - POSTGRES_EPOCH) * 1000n;
const count = (fields: number): Buffer => Buffer.of(fields >> 8, fields & 255);
const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);

const row = (bars: Candles, i: number, before: readonly Buffer[]): Buffer =>
  Buffer.concat([
    count(before.length + 6),
    ...before,
    integer(micros(bars.time[i]!)),
    ...NAMES.map((name) => float(bars[name][i]!)),
  ]);

// On both sides of 2000 and beyond 2^32 microseconds.
const TIMES = [
  Date.UTC(1969, 6, 20),
  POSTGRES_EPOCH - 60_000,
  POSTGRES_EPOCH,
  Date.UTC(2024, 1, 29),
  Date.UTC(2199, 0, 1),
];

describe('bars in a binary COPY', () => {
  it('are written as Postgres documents it', () => {
    const bars = barsOf(TIMES);
    const expected = TIMES.map((_, i) => row(bars, i, [integer(7_000_000_000n)]));
    expect(encodeBars(7_000_000_000, bars)).toEqual(Buffer.concat(expected));
    expect([COPY_HEADER, COPY_TRAILER]).toEqual([header, Buffer.of(255, 255)]);
  });

  it('are read however they are cut into pieces', () => {
    const bars = barsOf(TIMES);
    const bytes = Buffer.concat([header, ...TIMES.map((_, i) => row(bars, i, [])), COPY_TRAILER]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 10 }), (cuts) => {
        const target = allocateCandles('X', '1m', TIMES.length);
        const decoder = new BarDecoder(target);
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        for (let i = 1; i < places.length; i += 1) decoder.push(bytes.subarray(places[i - 1], places[i]));
        expect(decoder.finish()).toBe(TIMES.length);
        expect(target).toEqual(bars);
      }),
    );
  });

  it('are missed when they are cut short, too many, or of another form', () => {
    const bars = barsOf(TIMES);
    const short = new BarDecoder(allocateCandles('X', '1m', 5));
    short.push(Buffer.concat([header, row(bars, 0, [])]));
    expect(() => short.finish()).toThrow('ended after 1');
    const full = new BarDecoder(allocateCandles('X', '1m', 1));
    expect(() => full.push(Buffer.concat([header, row(bars, 0, []), row(bars, 1, [])]))).toThrow(
      'more than the 1 bars',
    );
    const other = new BarDecoder(allocateCandles('X', '1m', 5));
    expect(() => other.push(Buffer.concat([header, row(bars, 0, [integer(1n)])]))).toThrow('another form');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BookSide } from '../../../domain/matching/book-side.ts';
import type { FeedEvent, Level } from '../../../domain/matching/feed.ts';
import { OutsideBook } from '../../../domain/matching/outside-book.ts';
import { marketScales } from '../../../domain/matching/scale.ts';

type Depth = Extract<FeedEvent, { kind: 'depth' }>;

const newBook = () => new OutsideBook(marketScales({ tick: '0.01', lot: '0.001' }));
const snapshot = (lastUpdateId: number, bids: readonly Level[], asks: readonly Level[]) =>
  ({ kind: 'snapshot', t: 0, lastUpdateId, bids, asks }) as const;
const depth = (
  firstUpdateId: number,
  lastUpdateId: number,
  bids: readonly Level[] = [],
  asks: readonly Level[] = [],
): Depth => ({
  kind: 'depth',
  t: 0,
  firstUpdateId,
  lastUpdateId,
  bids,
  asks,
});
const pricesOf = (side: BookSide) => [...side.levels()].map(({ price }) => price);

describe('outside book', () => {
  it('replaces, adds and removes levels by absolute quantity and keeps the best first', () => {
    const book = newBook();
    book.apply(
      snapshot(
        10,
        [
          ['9.99', '1'],
          ['9.97', '2'],
        ],
        [
          ['10.01', '1'],
          ['10.03', '2'],
        ],
      ),
    );
    book.apply(
      depth(
        11,
        12,
        [
          ['9.98', '5'],
          ['9.97', '0'],
          ['9.99', '0.5'],
        ],
        [
          ['10.02', '3'],
          ['10.01', '0.00000000'],
        ],
      ),
    );
    expect(pricesOf(book.bids)).toEqual([999, 998]);
    expect(pricesOf(book.asks)).toEqual([1002, 1003]);
    // Quantities count steps of 1e-8.
    expect(book.bids.quantityAt(999)).toBe(50_000_000n);
    expect(book.bids.quantityAt(997)).toBe(0n);
    expect(book.lastUpdateId).toBe(12);
  });

  it('ignores the removal of a level that it does not hold', () => {
    const book = newBook();
    book.apply(snapshot(10, [['9.99', '1']], [['10.01', '1']]));
    book.apply(depth(11, 11, [['5.00', '0']]));
    expect(pricesOf(book.bids)).toEqual([999]);
  });

  it('keeps events that come before the snapshot, drops the old ones and applies the one that straddles it', () => {
    const book = newBook();
    book.apply(depth(5, 8, [['9.00', '1']]));
    book.apply(depth(9, 12, [['9.98', '1']]));
    expect(book.ready).toBe(false);
    book.apply(snapshot(10, [['9.97', '1']], [['10.01', '1']]));
    expect(pricesOf(book.bids)).toEqual([998, 997]);
    expect(book.lastUpdateId).toBe(12);
  });

  it('drops an event that ends at or before the snapshot', () => {
    const book = newBook();
    book.apply(snapshot(10, [['9.97', '1']], [['10.01', '1']]));
    expect(book.apply(depth(8, 10, [['9.98', '1']]))).toBe(false);
    expect(pricesOf(book.bids)).toEqual([997]);
  });

  it('takes a first event that begins exactly after the snapshot', () => {
    const book = newBook();
    book.apply(snapshot(10, [], []));
    expect(book.apply(depth(11, 11))).toBe(true);
  });

  it('refuses a first event that begins later than the snapshot ends, naming the ids', () => {
    const book = newBook();
    book.apply(snapshot(10, [], []));
    expect(() => book.apply(depth(13, 15))).toThrow('ids 13 to 15 does not follow 10: updates 11 to 12 are missing');
  });

  it('refuses a later event that leaves a gap or overlaps', () => {
    const book = newBook();
    book.apply(snapshot(10, [], []));
    book.apply(depth(9, 12));
    expect(() => book.apply(depth(14, 15))).toThrow('does not follow 12');
    expect(() => book.apply(depth(12, 15))).toThrow('does not follow 12');
  });

  it('starts anew from a second snapshot', () => {
    const book = newBook();
    book.apply(snapshot(10, [['9.97', '1']], [['10.01', '1']]));
    book.apply(snapshot(20, [['8.00', '1']], [['8.01', '1']]));
    book.apply(depth(20, 21, [['7.99', '1']]));
    expect(pricesOf(book.bids)).toEqual([800, 799]);
  });

  it('names the field of a number that is none', () => {
    const book = newBook();
    expect(() => book.apply(snapshot(1, [['9.999', '1']], []))).toThrow('bid price "9.999"');
    expect(() => book.apply(snapshot(1, [], [['9.99', '-1']]))).toThrow('ask quantity "-1"');
  });

  it('agrees with a plain map of the last quantity of each price', () => {
    const update = fc.tuple(fc.integer({ min: 900, max: 930 }), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(fc.array(update, { maxLength: 200 }), (updates) => {
        const book = newBook();
        book.apply(snapshot(0, [], []));
        const expected = new Map<number, number>();
        for (const [index, [price, quantity]] of updates.entries()) {
          book.apply(depth(index + 1, index + 1, [[(price / 100).toFixed(2), String(quantity)]]));
          if (quantity === 0) expected.delete(price);
          else expected.set(price, quantity);
        }
        expect(pricesOf(book.bids)).toEqual([...expected.keys()].sort((a, b) => b - a));
        for (const [price, quantity] of expected)
          expect(book.bids.quantityAt(price)).toBe(BigInt(quantity) * 100_000_000n);
      }),
    );
  });
});

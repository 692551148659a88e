import { describe, expect, it } from '@jest/globals';
import type { TapePrint } from '../../../domain/matching/market-types.ts';
import { TapeStore } from '../../../simulator/exchange/tape-store.ts';

const LISTING = { tick: '0.01', lot: '0.00001' };
const print = (tradeId: number, at: number): TapePrint => ({
  tradeId,
  price: '61837.63',
  quantity: '0.12345678',
  buyerIsMaker: tradeId % 2 === 0,
  at,
  sourceId: tradeId % 3 === 0 ? 3_735_683_259 : null,
  ours: tradeId % 5 === 0,
});
const CHUNK = 65_536;

describe('the tape', () => {
  it('gives prints back unchanged, by id and by time', () => {
    const tape = new TapeStore(LISTING, 1_000);
    const prints = [print(10, 100), print(11, 100), print(12, 105), print(13, 110)];
    for (const each of prints) tape.add(each);
    expect(tape.fromId(11, 2)).toEqual(prints.slice(1, 3));
    expect(tape.fromId(0, 9)).toEqual(prints);
    expect(tape.newest(2)).toEqual(prints.slice(2));
    expect(tape.between(100, 105, 9)).toEqual(prints.slice(0, 3));
    expect(tape.between(101, 104, 9)).toEqual([]);
    expect(tape.between(100, 110, 2)).toEqual(prints.slice(0, 2));
    expect(tape.last()).toEqual(prints[3]);
  });

  it('refuses a gap in the ids', () => {
    const tape = new TapeStore(LISTING, 1_000);
    tape.add(print(1, 100));
    expect(() => tape.add(print(3, 101))).toThrow('print 3 does not follow print 1');
  });

  it('lets the oldest go beyond its retention and keeps the rest in place', () => {
    const tape = new TapeStore(LISTING, 100_000);
    const count = 100_000 + CHUNK;
    for (let id = 1; id <= count; id += 1) tape.add(print(id, id));
    expect({ first: tape.firstId, last: tape.lastId, length: tape.length }).toEqual({
      first: CHUNK + 1,
      last: count,
      length: 100_000,
    });
    expect(tape.fromId(1, 1)).toEqual([print(CHUNK + 1, CHUNK + 1)]);
    expect(tape.between(count, count, 1)).toEqual([print(count, count)]);
    tape.add(print(count + 1, count + 1));
    expect(tape.last()).toEqual(print(count + 1, count + 1));
  });
});

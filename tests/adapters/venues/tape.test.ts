import { describe, expect, test } from '@jest/globals';
import type { TapeSource } from '../../../adapters/venues/capabilities/capability.ts';
import { readTape } from '../../../adapters/venues/tape.ts';
import type { PublicTrade } from '../../../domain/market/public-trade.ts';

const print = (id: number, at: number): PublicTrade => ({ tradeId: String(id), price: '100', quantity: '1', at });
/** `count` prints, ids from `firstId`, one every 10 ms from `start`. */
const prints = (count: number, firstId: number, start: number): PublicTrade[] =>
  Array.from({ length: count }, (_, index) => print(firstId + index, start + index * 10));

interface Scripted {
  readonly tape: PublicTrade[];
  /** The history knows only prints up to this many of the tape, growing by one with each sleep. */
  lag?: number;
  pageSize?: number;
  now?: number;
  /** How many ids too early the venue's answer to "first since" is. */
  early?: number;
}

function venue(script: Scripted) {
  const clock = { now: script.now ?? 1_000_000, slept: [] as number[] };
  let behind = script.lag ?? 0;
  const history = () => script.tape.slice(0, script.tape.length - behind);
  const source: TapeSource = {
    pageSize: script.pageSize ?? 4,
    firstIdSince: (at) => {
      const first = script.tape.find((each) => each.at >= at);
      return Promise.resolve(first === undefined ? null : Number(first.tradeId) - (script.early ?? 0));
    },
    pageFrom: (id, limit) =>
      Promise.resolve(
        history()
          .filter(({ tradeId }) => Number(tradeId) >= id)
          .slice(0, limit),
      ),
    latest: () => Promise.resolve(script.tape.at(-1) ?? null),
  };
  const sleep = (ms: number) => {
    clock.slept.push(ms);
    clock.now += ms;
    behind = Math.max(0, behind - 1);
    return Promise.resolve();
  };
  return { clock, read: (from: number, to: number) => readTape(source, from, to, { now: () => clock.now, sleep }) };
}

const idsOf = (trades: readonly PublicTrade[]) => trades.map(({ tradeId }) => Number(tradeId));

describe('the tape of an interval', () => {
  test('is what was printed in it, ends included, over several pages, with the print before it', async () => {
    // Prints 1..30 at 1000, 1010, …, 1290: from 1050 (print 6) to 1200 (print 21).
    const reading = await venue({ tape: prints(30, 1, 1000) }).read(1050, 1200);
    if (!reading.complete) throw new Error(reading.reason);
    expect(idsOf(reading.trades)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    expect(reading.before).toEqual(print(5, 1040));
  });

  test('has no print before it when the tape begins within it', async () => {
    const reading = await venue({ tape: prints(5, 1, 1000) }).read(900, 1200);
    expect(reading).toMatchObject({ complete: true, before: null, trades: { length: 5 } });
  });

  test('without prints is complete and carries the last price', async () => {
    expect(await venue({ tape: prints(3, 7, 1000) }).read(2000, 3000)).toEqual({
      complete: true,
      trades: [],
      before: print(9, 1020),
    });
    expect(await venue({ tape: [print(1, 1000), print(2, 5000)] }).read(2000, 3000)).toEqual({
      complete: true,
      trades: [],
      before: print(1, 1000),
    });
    expect(await venue({ tape: [] }).read(0, 1)).toEqual({ complete: true, trades: [], before: null });
  });

  test('is read further back when the venue names a first print that is too early or when prints share the instant', async () => {
    const early = await venue({ tape: prints(30, 1, 1000), early: 3 }).read(1050, 1060);
    expect(early).toMatchObject({ complete: true, before: { tradeId: '5' }, trades: { length: 2 } });
  });

  test('with a gap is incomplete and names it', async () => {
    const tape = prints(30, 1, 1000).filter(({ tradeId }) => tradeId !== '15');
    expect(await venue({ tape }).read(1050, 1200)).toEqual({
      complete: false,
      reason: 'the tape has a gap between print 14 and print 16',
    });
  });

  test('with a gap right before its first print is incomplete', async () => {
    const tape = prints(30, 1, 1000).filter(({ tradeId }) => tradeId !== '5');
    expect(await venue({ tape }).read(1050, 1200)).toEqual({
      complete: false,
      reason: 'the tape has a gap between print 5 and print 6',
    });
  });

  test('is waited for until the venue clock has passed its end', async () => {
    const { clock, read } = venue({ tape: prints(30, 1, 1000), now: 1100 });
    expect(await read(1050, 1200)).toMatchObject({ complete: true });
    expect(clock.slept).toEqual([350]); // 1200 + 250 - 1100
  });

  test('is waited for while the history lags behind the newest print', async () => {
    const { clock, read } = venue({ tape: prints(30, 1, 1000), lag: 3 });
    const reading = await read(1050, 9999);
    expect(reading).toMatchObject({ complete: true, trades: { length: 25 } });
    expect(clock.slept).toHaveLength(3);
  });

  test('is incomplete when the history never catches up', async () => {
    expect(await venue({ tape: prints(30, 1, 1000), lag: 25 }).read(1000, 9999)).toEqual({
      complete: false,
      reason: "the venue's history ends before its newest print 30",
    });
  });

  test('that ends before it begins is refused', async () => {
    expect(await venue({ tape: [] }).read(5, 4)).toMatchObject({ complete: false });
  });
});

import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import type { TapeSource } from '../../../adapters/venues/capabilities/capability.ts';
import { TapeKeeper } from '../../../adapters/streams/tape-keeper.ts';
import type { PublicTrade } from '../../../domain/market/public-trade.ts';

/** A whole second. */
const START = Date.UTC(2026, 10, 26, 9, 0, 0);
const FIRST_ID = 1_000;

/** A print every `everyMs`, of 0.1, 0.2, … */
function prints(count: number, everyMs = 400, from = START): PublicTrade[] {
  return Array.from({ length: count }, (_, i) => ({
    tradeId: String(FIRST_ID + i),
    price: '60000',
    quantity: new Big(i + 1).div(10).toFixed(),
    at: from + i * everyMs,
  }));
}

/** A venue that has printed everything up to its clock. */
class Venue {
  readonly prints: PublicTrade[];
  now: number;
  readonly pages: number[] = [];
  /** Ids that the history has lost. */
  lost = new Set<number>();
  /** The history lags behind the newest print by so many. */
  lag = 0;
  readonly source: TapeSource = {
    pageSize: 3,
    firstIdSince: async (at) => {
      const first = this.#printed().find((trade) => trade.at >= at);
      return first === undefined ? null : Number(first.tradeId);
    },
    pageFrom: async (id, limit) => {
      this.pages.push(id);
      const all = this.#printed();
      return all
        .slice(0, all.length - this.lag)
        .filter((trade) => Number(trade.tradeId) >= id && !this.lost.has(Number(trade.tradeId)))
        .slice(0, limit);
    },
    latest: async () => this.#printed().at(-1) ?? null,
  };

  constructor(all: PublicTrade[], now: number) {
    this.prints = all;
    this.now = now;
  }

  #printed(): PublicTrade[] {
    return this.prints.filter(({ at }) => at <= this.now);
  }
}

function keeperOf(venue: Venue): { keeper: TapeKeeper; gaps: string[] } {
  const gaps: string[] = [];
  const clock = {
    now: () => venue.now,
    sleep: async () => {
      venue.lag = Math.max(0, venue.lag - 1);
    },
  };
  return { keeper: new TapeKeeper({ source: venue.source, clock, onGap: (reason) => gaps.push(reason) }), gaps };
}

/** Quantity and number of prints by second, from the prints themselves. */
function totals(all: readonly PublicTrade[]): Map<number, [string, number]> {
  const seconds = new Map<number, [string, number]>();
  for (const { at, quantity } of all) {
    const second = Math.floor(at / 1000);
    const [sum, count] = seconds.get(second) ?? ['0', 0];
    seconds.set(second, [new Big(sum).plus(quantity).toFixed(), count + 1]);
  }
  return seconds;
}

const secondsOf = (keeper: TapeKeeper): Map<number, [string, number]> =>
  new Map(keeper.unsaved()!.seconds.map(({ second, quantity, prints: count }) => [second, [quantity, count]]));

describe('the tape', () => {
  it('begun anew reaches a minute back, to the second after the first one that may be incomplete', async () => {
    const all = prints(200);
    const venue = new Venue(all, START + 70_200);
    const { keeper } = keeperOf(venue);
    await keeper.begin(null);
    const { seconds, coverage } = keeper.unsaved()!;
    // A minute before 70.2 s is 10.2 s; the first whole second after it begins at 11 s.
    expect(coverage.completeFrom).toBe(START + 11_000);
    const expected = totals(all.filter(({ at }) => at >= START + 11_000 && at <= venue.now));
    expect(
      seconds
        .filter(({ second }) => second >= START / 1000 + 11)
        .map(({ second, quantity, prints: count }) => [second, [quantity, count]]),
    ).toEqual([...expected]);
  });

  it('goes on behind what is stored, and counts the second that was not over anew', async () => {
    const all = prints(30);
    const venue = new Venue(all, START + 6_000);
    const first = keeperOf(venue).keeper;
    await first.begin(null);
    // Prints at 5.2 and 5.6 s and 6.0 s: the newest second, 6, has begun with the last of them.
    const { coverage } = first.unsaved()!;
    expect(coverage.nextId).toBe(FIRST_ID + 15);
    venue.now = START + 8_000;
    venue.pages.length = 0;
    const second = keeperOf(venue).keeper;
    await second.begin(coverage);
    expect(venue.pages[0]).toBe(FIRST_ID + 15);
    expect(secondsOf(second)).toEqual(totals(all.filter(({ at }) => at >= START + 6_000 && at <= START + 8_000)));
    expect(second.unsaved()!.coverage.completeFrom).toBe(coverage.completeFrom);
  });

  it('that was left for longer than ten minutes is begun anew', async () => {
    const venue = new Venue(prints(10), START + 1_000_000);
    const { keeper } = keeperOf(venue);
    await keeper.begin({ completeFrom: START, completeUntil: START + 399_999, nextId: FIRST_ID });
    expect(venue.pages).toEqual([]);
    expect(keeper.unsaved()!.coverage).toEqual({
      completeFrom: START + 941_000,
      completeUntil: START + 1_000_000 - 250,
      nextId: FIRST_ID + 10,
    });
  });

  it('reads what the stream leaves out before anything after it counts', async () => {
    const all = prints(10);
    const venue = new Venue(all, START);
    const { keeper, gaps } = keeperOf(venue);
    await keeper.begin(null);
    venue.now = all[6]!.at;
    await keeper.take([all[1]!, all[6]!]);
    expect(gaps).toEqual([`prints ${FIRST_ID + 2} to ${FIRST_ID + 5} were left out`]);
    expect(secondsOf(keeper)).toEqual(totals(all.slice(0, 7)));
    // Complete up to the last print, but for others of the same millisecond.
    expect(keeper.unsaved()!.coverage.completeUntil).toBe(all[6]!.at - 1);
  });

  it('waits for a history that lags behind the stream', async () => {
    const all = prints(10);
    const venue = new Venue(all, START);
    const { keeper } = keeperOf(venue);
    await keeper.begin(null);
    venue.now = START + 10_000;
    venue.lag = 8;
    await keeper.take([all[9]!]);
    expect(secondsOf(keeper)).toEqual(totals(all));
  });

  it('gives up the part before a hole that the venue itself has', async () => {
    const all = prints(20);
    const venue = new Venue(all, START);
    const { keeper, gaps } = keeperOf(venue);
    await keeper.begin(null);
    venue.now = START + 10_000;
    venue.lost = new Set([FIRST_ID + 3, FIRST_ID + 4]);
    await keeper.take([all[10]!]);
    expect(gaps.at(-1)).toBe(`the venue has no prints ${FIRST_ID + 3} to ${FIRST_ID + 4}: the tape begins anew`);
    // Print 5 was made at 2.0 s, so the second 2 is not known whole.
    expect(keeper.unsaved()!.coverage.completeFrom).toBe(START + 3_000);
  });

  it('is proved complete up to now by the newest print, and says how many prints the stream had not shown', async () => {
    const all = prints(10);
    const venue = new Venue(all, START);
    const { keeper } = keeperOf(venue);
    await keeper.begin(null);
    venue.now = START + 2_000;
    await expect(keeper.catchUp()).resolves.toBe(5);
    await expect(keeper.catchUp()).resolves.toBe(0);
    venue.now = START + 2_350;
    await expect(keeper.catchUp()).resolves.toBe(0);
    expect(keeper.unsaved()!.coverage.completeUntil).toBe(START + 2_350 - 250);
  });

  it('is not promised beyond the venue clock, should that have been thought to be ahead', async () => {
    const all = prints(10);
    const venue = new Venue(all, START + 2_000);
    const { keeper } = keeperOf(venue);
    await keeper.begin(null);
    venue.now = START + 3_600_000;
    await keeper.catchUp();
    expect(keeper.unsaved()!.coverage.completeUntil).toBe(START + 3_600_000 - 250);
    venue.now = START + 5_000;
    expect(keeper.unsaved()!.coverage.completeUntil).toBe(START + 5_000);
    venue.now = START + 1_000;
    // The last print was made at 3.6 s: so far it is complete whatever the clock says.
    expect(keeper.unsaved()!.coverage.completeUntil).toBe(all[9]!.at - 1);
  });

  it.each(['shown by the stream', 'found by REST'])('of a new market begins with its first print, %s', async (how) => {
    const all = prints(3).map((trade, i) => ({ ...trade, tradeId: String(i) }));
    const venue = new Venue(all, START - 1);
    const { keeper } = keeperOf(venue);
    await keeper.begin(null);
    expect(keeper.unsaved()).toBeNull();
    venue.now = START + 5_000;
    if (how === 'found by REST') await keeper.catchUp();
    else await keeper.take([all[2]!]);
    expect(secondsOf(keeper)).toEqual(totals(all));
  });

  it('forgets stored seconds but the newest, which may still grow', async () => {
    const all = prints(10);
    const venue = new Venue(all, START + 2_000);
    const { keeper } = keeperOf(venue);
    await keeper.begin(null);
    const { seconds } = keeper.unsaved()!;
    keeper.saved(seconds);
    expect(keeper.unsaved()!.seconds.map(({ second }) => second)).toEqual([START / 1000 + 2]);
  });

  it('is the tape of the venue whatever the stream leaves out, repeats or swaps', async () => {
    const all = prints(60, 130);
    const shown = fc.array(fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 12 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(shown, async (batches) => {
        const venue = new Venue(all, START);
        const { keeper } = keeperOf(venue);
        await keeper.begin(null);
        venue.now = START + 60_000;
        for (const batch of batches) await keeper.take(batch.map((index) => all[index]!));
        const newest = Math.max(0, ...batches.flat());
        // A page of the history may reach further than the stream has.
        const counted = keeper.unsaved()!.seconds.reduce((sum, second) => sum + second.prints, 0);
        expect(counted).toBeGreaterThanOrEqual(newest + 1);
        expect(secondsOf(keeper)).toEqual(totals(all.slice(0, counted)));
        await keeper.catchUp();
        expect(secondsOf(keeper)).toEqual(totals(all));
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FeedEvent, Level } from '../../../domain/matching/feed.ts';
import type { Market } from '../../../domain/matching/market.ts';
import type { BookUpdate } from '../../../domain/matching/market-types.ts';
import { LocalBook } from '../../helpers/local-book.ts';
import { atMarket, impactModels, limit, lots, marketOf, NO_FADING, type TickBook, tickBooks, ticks } from './books.ts';

const diffOf = ({ firstUpdateId, lastUpdateId, bids, asks }: BookUpdate) => ({
  U: firstUpdateId,
  u: lastUpdateId,
  b: bids,
  a: asks,
});

const depthEvent = (id: number, bids: readonly Level[], asks: readonly Level[]): FeedEvent => ({
  kind: 'depth',
  t: 0,
  firstUpdateId: id,
  lastUpdateId: id,
  bids,
  asks,
});

const whole = (market: Market, at: number) => {
  const { bids, asks } = market.depth(Number.POSITIVE_INFINITY, at);
  return { bids, asks };
};

const BOOK: TickBook = {
  bids: [
    [1000, 10],
    [999, 20],
  ],
  asks: [
    [1002, 10],
    [1003, 20],
  ],
};

describe('watching a book', () => {
  it('tells the levels that have changed, with the update ids that follow', () => {
    const market = marketOf(BOOK);
    const watch = market.watchBook(0);
    // The snapshot has id 1. An order of ours that rests at 9.98 counts as one update, the event of the feed as another.
    market.submit(limit(1, 'buy', '0.004', '9.98'), 1);
    market.apply(depthEvent(2, [['9.99', '0']], [['10.04', '0.007']]), 2);
    expect(market.bookChanges(watch, 3)).toEqual({
      firstUpdateId: 2,
      lastUpdateId: 3,
      bids: [
        ['9.99', '0'],
        ['9.98', '0.004'],
      ],
      asks: [['10.04', '0.007']],
    });
    expect(market.bookChanges(watch, 4)).toBeNull();
  });

  it('tells our displacement as it fades', () => {
    const market = marketOf(BOOK, { permanent: 0, halfLifeMs: 1_000 });
    const watch = market.watchBook(0);
    market.submit(atMarket(1, 'buy', '0.01'), 0);
    // All of 10.02 is missing at once, half of it after one half-life.
    expect(market.bookChanges(watch, 0)?.asks).toEqual([['10.02', '0']]);
    expect(market.bookChanges(watch, 1_000)?.asks).toEqual([['10.02', '0.005']]);
  });

  it('names a level that changed and changed back when somebody has seen it in between', () => {
    const market = marketOf(BOOK);
    const watch = market.watchBook(0);
    market.apply(depthEvent(2, [['10', '0.003']], []), 1);
    const between = market.depth(10, 1);
    market.apply(depthEvent(3, [['10', '0.01']], []), 2);
    const update = market.bookChanges(watch, 3);
    expect(update?.bids).toEqual([['10', '0.01']]);
    const local = new LocalBook(between);
    local.apply(diffOf(update as BookUpdate));
    expect(local.levels()).toEqual(whole(market, 3));
  });

  it('says nothing of levels that are as they were, and forgets a watch that has ended', () => {
    const market = marketOf(BOOK);
    const watch = market.watchBook(0);
    const other = market.watchBook(0);
    market.unwatchBook(other);
    market.apply(depthEvent(2, [['10', '0.01']], []), 1);
    expect(market.bookChanges(watch, 1)).toEqual({ firstUpdateId: 2, lastUpdateId: 2, bids: [], asks: [] });
    market.unwatchBook(watch);
    market.apply(depthEvent(3, [['10', '0.02']], []), 2);
    const late = market.watchBook(2);
    expect(market.bookChanges(late, 2)).toBeNull();
  });
});

interface Step {
  readonly pauseMs: number;
  readonly act: 'look' | 'take' | 'watch' | 'feed' | 'order' | 'cancel';
  readonly side: 'buy' | 'sell';
  readonly ticks: number;
  readonly lots: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    pauseMs: fc.integer({ min: 0, max: 4_000 }),
    act: fc.constantFrom(...(['look', 'take', 'watch', 'feed', 'order', 'cancel'] as const)),
    side: fc.constantFrom(...(['buy', 'sell'] as const)),
    ticks: fc.integer({ min: 985, max: 1_020 }),
    lots: fc.integer({ min: 0, max: 30 }),
  }),
  { minLength: 5, maxLength: 40 },
);

describe('any snapshot followed by the updates', () => {
  it('is the book, whatever happened and whoever looked when', () => {
    fc.assert(
      fc.property(tickBooks, impactModels, steps, (book, impact, happenings) => {
        const market = marketOf(book, impact);
        const watches = [market.watchBook(0)];
        const diffs: { readonly watch: number; readonly diff: ReturnType<typeof diffOf> }[] = [];
        const snapshots: { readonly from: number; readonly local: LocalBook }[] = [];
        let feedId = 1;
        let orderId = 0;
        let at = 0;
        const take = (watch: number) => {
          const update = market.bookChanges(watches[watch] as (typeof watches)[number], at);
          if (update !== null) diffs.push({ watch, diff: diffOf(update) });
        };
        for (const { act, side, ticks: price, lots: quantity, pauseMs } of happenings) {
          at += pauseMs;
          if (act === 'look') {
            snapshots.push({ from: watches.length, local: new LocalBook(market.depth(Number.POSITIVE_INFINITY, at)) });
          } else if (act === 'take') {
            watches.forEach((_watch, index) => take(index));
          } else if (act === 'watch') {
            watches.push(market.watchBook(at));
          } else if (act === 'feed') {
            feedId += 1;
            const level: Level = [ticks(price), lots(quantity)];
            // Bids below 10.00 and asks above it: the outside never crosses itself.
            const event = price <= 1_000 ? depthEvent(feedId, [level], []) : depthEvent(feedId, [], [level]);
            market.apply(event, at);
          } else if (act === 'order' && quantity > 0) {
            orderId += 1;
            market.submit(limit(orderId, side, lots(quantity), ticks(price)), at);
          } else if (act === 'cancel' && orderId > 0) {
            market.cancel(orderId, at);
          }
        }
        watches.forEach((_watch, index) => take(index));
        const end = whole(market, at);
        for (const { from, local } of snapshots) {
          // Every watch that was there before the snapshot brings it to the end, with no gap.
          for (let watch = 0; watch < from; watch += 1) {
            const copy = new LocalBook({ lastUpdateId: local.lastUpdateId, ...local.levels() });
            for (const made of diffs) if (made.watch === watch) copy.apply(made.diff);
            expect(copy.levels()).toEqual(end);
          }
        }
      }),
    );
  });

  it('comes to the same from a watch that nothing fades under', () => {
    const market = marketOf(BOOK, NO_FADING);
    const watch = market.watchBook(0);
    const local = new LocalBook(market.depth(10, 0));
    market.submit(atMarket(1, 'buy', '0.015'), 1);
    local.apply(diffOf(market.bookChanges(watch, 1) as BookUpdate));
    // 0.010 at 10.02 is gone for good and 0.005 of 0.020 at 10.03.
    expect(local.levels().asks).toEqual([['10.03', '0.015']]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FeedEvent } from '../../../domain/matching/feed.ts';
import { Market } from '../../../domain/matching/market.ts';
import type {
  ImpactModel,
  MarketFill,
  MarketOrder,
  RestingOrder,
  TapePrint,
} from '../../../domain/matching/market-types.ts';
import {
  atMarket,
  impactModels,
  limit,
  LOT,
  lots,
  marketOf,
  snapshotOf,
  TICK,
  type TickBook,
  tickBooks,
  ticks,
  trade,
} from './books.ts';

const FIRST_TRADE_ID = 1000;

type Step =
  | { readonly kind: 'trade'; readonly ticks: number; readonly lots: number; readonly buyerIsMaker: boolean }
  | { readonly kind: 'depth'; readonly half: 'bids' | 'asks'; readonly offset: number; readonly lots: number }
  | { readonly kind: 'order'; readonly side: 'buy' | 'sell'; readonly ticks: number; readonly lots: number }
  | { readonly kind: 'cancel'; readonly orderId: number };

const lotCount = fc.integer({ min: 1, max: 60 });
const tickCount = fc.integer({ min: 985, max: 1020 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('trade' as const), ticks: tickCount, lots: lotCount, buyerIsMaker: fc.boolean() }),
    fc.record({
      kind: fc.constant('depth' as const),
      half: fc.constantFrom('bids' as const, 'asks' as const),
      offset: fc.integer({ min: 0, max: 15 }),
      lots: fc.integer({ min: 0, max: 60 }),
    }),
    fc.record({
      kind: fc.constant('order' as const),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      ticks: tickCount,
      lots: lotCount,
    }),
    fc.record({ kind: fc.constant('cancel' as const), orderId: fc.integer({ min: 0, max: 20 }) }),
  ),
  { maxLength: 40 },
);

/** What a venue keeps of one run: the feed with its times, its journal of fills, the tape, and the orders that rest. */
interface Run {
  readonly market: Market;
  readonly feed: readonly (readonly [event: FeedEvent, at: number])[];
  readonly fills: readonly MarketFill[];
  readonly prints: readonly TapePrint[];
  readonly open: readonly RestingOrder[];
  readonly now: number;
}

function run(book: TickBook, impact: ImpactModel, script: readonly Step[]): Run {
  const market = new Market({ symbol: 'BTC/USDT', tick: TICK, lot: LOT, impact }, FIRST_TRADE_ID);
  const feed: [FeedEvent, number][] = [];
  const fills: MarketFill[] = [];
  const prints: TapePrint[] = [];
  const feedIn = (event: FeedEvent, at: number) => {
    feed.push([event, at]);
    const change = market.apply(event, at);
    fills.push(...change.fills);
    prints.push(...change.prints);
  };
  feedIn(snapshotOf(book), 0);
  let now = 0;
  let updateId = 1;
  for (const [index, step] of script.entries()) {
    now += 700;
    if (step.kind === 'trade') {
      feedIn(trade(index, ticks(step.ticks), lots(step.lots), step.buyerIsMaker), now);
    } else if (step.kind === 'depth') {
      updateId += 1;
      const price = step.half === 'bids' ? 1000 - step.offset : 1001 + step.offset;
      const levels = { bids: [], asks: [], [step.half]: [[ticks(price), lots(step.lots)]] };
      feedIn({ kind: 'depth', t: 0, firstUpdateId: updateId, lastUpdateId: updateId, ...levels } as FeedEvent, now);
    } else if (step.kind === 'order') {
      const order: MarketOrder = limit(index, step.side, lots(step.lots), ticks(step.ticks));
      const made = market.submit(order, now);
      fills.push(...made.fills);
      prints.push(...made.prints);
    } else {
      market.cancel(step.orderId, now);
    }
  }
  return { market, feed, fills, prints, open: market.restingOrders, now };
}

function rebuild(
  impact: ImpactModel,
  past: Run,
  from = 0,
  nextTradeId = FIRST_TRADE_ID,
): { market: Market; prints: readonly TapePrint[] } {
  const market = new Market({ symbol: 'BTC/USDT', tick: TICK, lot: LOT, impact }, nextTradeId);
  market.beginReplay(past.fills);
  const prints = past.feed.slice(from).flatMap(([event, at]) => market.replay(event, at));
  return { market, prints: [...prints, ...market.finishReplay(past.open, past.now)] };
}

describe('rebuilding after a restart', () => {
  it('brings back the same tape, print by print, the same public book and the same place on the tape', () => {
    let withFills = 0;
    fc.assert(
      fc.property(tickBooks, impactModels, steps, (book, impact, script) => {
        const past = run(book, impact, script);
        if (past.fills.length > 0) withFills += 1;
        const { market, prints } = rebuild(impact, past);
        expect(prints).toEqual(past.prints);
        expect(market.nextTradeId).toBe(past.market.nextTradeId);
        expect(market.extraPrints).toBe(past.market.extraPrints);
        const { bids, asks } = past.market.depth(40, past.now);
        expect(market.depth(40, past.now)).toMatchObject({ bids, asks });
        expect(market.restingOrders).toEqual(past.market.restingOrders);
      }),
      { numRuns: 200 },
    );
    expect(withFills).toBeGreaterThan(50);
  });

  it('counts by how much the tape ran ahead of the feed, so that a later entrance can know its ids', () => {
    fc.assert(
      fc.property(tickBooks, impactModels, steps, (book, impact, script) => {
        const past = run(book, impact, script);
        const feedTrades = past.feed.filter(([event]) => event.kind === 'trade').length;
        expect(past.market.nextTradeId).toBe(FIRST_TRADE_ID + feedTrades + past.market.extraPrints);
        expect(past.prints.map(({ tradeId }) => tradeId)).toEqual(
          past.prints.map((_, index) => FIRST_TRADE_ID + index),
        );
      }),
    );
  });

  it('keeps the displacement of fills from before the replayed part of the feed', () => {
    const book: TickBook = { bids: [[1000, 50]], asks: [[1002, 50]] };
    const impact = { permanent: 0.5, halfLifeMs: 1000 };
    const market = marketOf(book, impact);
    const { fills } = market.submit(atMarket(1, 'buy', lots(20)), 0);
    const later = new Market(market.config, market.nextTradeId);
    later.beginReplay(fills);
    later.replay(snapshotOf(book), 1000);
    expect(later.finishReplay([], 1000)).toEqual([]);
    // Half of the 20 for good, the other 10 halved: 15 of the 50 lots are missing.
    expect(later.best(1000)).toMatchObject({ ask: '10.02', askQuantity: lots(35) });
  });

  it('does not let resting orders trade while the exchange was down', () => {
    const past = run({ bids: [[1000, 5]], asks: [[1002, 5]] }, { permanent: 0, halfLifeMs: 1000 }, [
      { kind: 'order', side: 'buy', ticks: 1001, lots: 5 },
    ]);
    const down = { ...past, feed: [...past.feed, [trade(7, '9.90', '1', true), 5000] as const], now: 6000 };
    const { market, prints } = rebuild({ permanent: 0, halfLifeMs: 1000 }, down);
    expect(prints.map(({ ours, quantity }) => [ours, quantity])).toEqual([[false, '1']]);
    expect(market.restingOrders).toEqual(past.open);
  });

  it('refuses a journal that does not belong to the feed', () => {
    const past = run({ bids: [[1000, 5]], asks: [[1002, 5]] }, { permanent: 0, halfLifeMs: 1000 }, [
      { kind: 'trade', ticks: 1000, lots: 1, buyerIsMaker: true },
      { kind: 'order', side: 'buy', ticks: 1002, lots: 5 },
    ]);
    expect(() => rebuild({ permanent: 0, halfLifeMs: 1000 }, past, 2)).toThrow(
      `ends before the journal's trade id ${FIRST_TRADE_ID + 1}`,
    );
    const twisted = { ...past, fills: [...past.fills, { ...past.fills[0]!, tradeId: 1 }] };
    expect(() => rebuild({ permanent: 0, halfLifeMs: 1000 }, twisted)).toThrow('trade id 1 stands after');
  });
});

import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import type { Market } from '../../../domain/matching/market.ts';
import type { MarketFill, MarketOrder } from '../../../domain/matching/market-types.ts';
import { atMarket, impactModels, lots, marketOf, type TickBook, tickBooks, ticks } from './books.ts';

/** Reflects prices, in ticks, so that bids become asks. */
const MIRROR = 2001;
const mirrorPrice = (price: string) => new Big(ticks(MIRROR)).minus(price).toFixed();
const mirrorBook = (book: TickBook): TickBook => ({
  bids: book.asks.map(([price, quantity]) => [MIRROR - price, quantity]),
  asks: book.bids.map(([price, quantity]) => [MIRROR - price, quantity]),
});
const otherSide = { buy: 'sell', sell: 'buy' } as const;

interface Action {
  readonly side: 'buy' | 'sell';
  readonly lots: number;
  /** `null`: a market order. */
  readonly ticks: number | null;
  readonly timeInForce: 'GTC' | 'IOC';
  readonly pauseMs: number;
}

const actions = (maxPauseMs: number): fc.Arbitrary<readonly Action[]> =>
  fc.array(
    fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      lots: fc.integer({ min: 1, max: 40 }),
      ticks: fc.option(fc.integer({ min: 980, max: 1025 })),
      timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const),
      pauseMs: fc.integer({ min: 0, max: maxPauseMs }),
    }),
    { minLength: 1, maxLength: 15 },
  );

const orderOf = (action: Action, orderId: number): MarketOrder => ({
  orderId,
  side: action.side,
  quantity: lots(action.lots),
  price: action.ticks === null ? null : ticks(action.ticks),
  timeInForce: action.timeInForce,
  postOnly: false,
});

/** Cash paid (-) and received (+), and the position left, of all fills together. */
function account(fills: readonly MarketFill[]): { cash: Big; position: Big } {
  return fills.reduce(
    ({ cash, position }, { side, price, quantity }) => {
      const sign = side === 'buy' ? 1 : -1;
      return {
        cash: cash.minus(new Big(quantity).times(price).times(sign)),
        position: position.plus(new Big(quantity).times(sign)),
      };
    },
    { cash: new Big(0), position: new Big(0) },
  );
}

/** Runs the actions, then takes every order out and trades the position away at market. */
function tradeToFlat(market: Market, script: readonly Action[]): { fills: readonly MarketFill[]; now: number } {
  const fills: MarketFill[] = [];
  let now = 0;
  for (const [index, action] of script.entries()) {
    now += action.pauseMs;
    fills.push(...market.submit(orderOf(action, index), now).fills);
  }
  for (const { orderId } of market.restingOrders) market.cancel(orderId, now);
  const { position } = account(fills);
  const side = position.gt(0) ? 'sell' : 'buy';
  fills.push(...market.submit(atMarket(script.length, side, position.abs().toFixed()), now).fills);
  return { fills, now };
}

describe('impact of our own trading', () => {
  it('is the same for buying on a book as for selling on its mirror image', () => {
    fc.assert(
      fc.property(tickBooks, impactModels, actions(30000), (book, impact, script) => {
        const market = marketOf(book, impact);
        const mirror = marketOf(mirrorBook(book), impact);
        let now = 0;
        for (const [index, action] of script.entries()) {
          now += action.pauseMs;
          const order = orderOf(action, index);
          const made = market.submit(order, now);
          const mirrored = mirror.submit(
            { ...order, side: otherSide[order.side], price: order.price === null ? null : mirrorPrice(order.price) },
            now,
          );
          expect(mirrored.outcome).toBe(made.outcome);
          expect(
            mirrored.fills.map((fill) => ({ ...fill, side: otherSide[fill.side], price: mirrorPrice(fill.price) })),
          ).toEqual(made.fills);
          const view = market.depth(30, now);
          const image = mirror.depth(30, now);
          expect(image.asks.map(([price, quantity]) => [mirrorPrice(price), quantity])).toEqual(view.bids);
          expect(image.bids.map(([price, quantity]) => [mirrorPrice(price), quantity])).toEqual(view.asks);
        }
      }),
    );
  });

  it.each([
    ['at one instant', 0],
    ['over time', 60000],
  ])('never lets a round trip %s on a still book earn money', (_when, maxPauseMs) => {
    let roundTrips = 0;
    fc.assert(
      fc.property(tickBooks, impactModels, actions(maxPauseMs), (book, impact, script) => {
        const { fills } = tradeToFlat(marketOf(book, impact), script);
        const { cash, position } = account(fills);
        // The book may be too thin to get out; what is left then has cost money that is not counted.
        if (!position.eq(0) || fills.length === 0) return;
        roundTrips += 1;
        expect(cash.toNumber()).toBeLessThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
    expect(roundTrips).toBeGreaterThan(100);
  });

  it('costs the spread at least: buying and selling back at once at the best prices', () => {
    const market = marketOf({ bids: [[1000, 50]], asks: [[1002, 50]] }, { permanent: 0.25, halfLifeMs: 1000 });
    const bought = market.submit(atMarket(1, 'buy', lots(50)), 0);
    const sold = market.submit(atMarket(2, 'sell', lots(50)), 0);
    // 0.050 at 10.02 against 0.050 at 10.00.
    expect(account([...bought.fills, ...sold.fills]).cash.toFixed()).toBe('-0.001');
  });

  it('cannot be escaped by slicing: many small sells go as deep as one', () => {
    const book: TickBook = {
      bids: [
        [1000, 3],
        [999, 4],
        [998, 50],
      ],
      asks: [[1002, 50]],
    };
    const sell = (sizes: readonly number[]) => {
      const market = marketOf(book, { permanent: 0.25, halfLifeMs: 1000 });
      market.submit(atMarket(0, 'buy', lots(20)), 0);
      return account(
        sizes.flatMap((size, index) => market.submit(atMarket(index + 1, 'sell', lots(size)), 0).fills),
      ).cash.toFixed();
    };
    expect(sell(Array<number>(20).fill(1))).toBe(sell([20]));
  });

  it('of an order of size zero is nothing', () => {
    fc.assert(
      fc.property(tickBooks, impactModels, actions(1000), (book, impact, script) => {
        const market = marketOf(book, impact);
        for (const [index, action] of script.entries()) market.submit(orderOf(action, index), 0);
        const before = market.depth(30, 0);
        for (const side of ['buy', 'sell'] as const) {
          const nothing = market.submit(atMarket(99, side, '0'), 0);
          expect(nothing.fills).toEqual([]);
          expect(nothing.prints).toEqual([]);
        }
        expect(market.depth(30, 0)).toEqual(before);
      }),
    );
  });

  it('is not erased by the next update of the outside book', () => {
    const market = marketOf(
      {
        bids: [[1000, 10]],
        asks: [
          [1002, 10],
          [1003, 10],
        ],
      },
      { permanent: 0.25, halfLifeMs: 21000 },
    );
    market.submit(atMarket(1, 'buy', lots(10)), 0);
    expect(market.best(0)).toMatchObject({ ask: '10.03', askQuantity: lots(10) });
    // The recording knows nothing of us: it says that 0.012 stand at 10.02.
    market.apply({ kind: 'depth', t: 0, firstUpdateId: 2, lastUpdateId: 2, bids: [], asks: [['10.02', lots(12)]] }, 1);
    expect(market.best(1)).toMatchObject({ ask: '10.02' });
    expect(Number(market.best(1)?.askQuantity)).toBeLessThanOrEqual(Number(lots(3)));
    // A half-life later 2.5 + 7.5/2 = 6.25 of the 10 lots are missing: 6 whole ones.
    expect(market.best(21000)).toMatchObject({ ask: '10.02', askQuantity: lots(6) });
  });

  it('never betters a recorded price: what is shown is part of what was recorded', () => {
    fc.assert(
      fc.property(tickBooks, impactModels, actions(5000), (book, impact, script) => {
        const market = marketOf(book, impact);
        const recorded = market.depth(30, 0);
        let now = 0;
        for (const [index, action] of script.entries()) {
          now += action.pauseMs;
          market.submit({ ...orderOf(action, index), timeInForce: 'IOC' }, now);
          const view = market.depth(30, now);
          for (const half of ['bids', 'asks'] as const) {
            const before = new Map(recorded[half]);
            for (const [price, quantity] of view[half])
              expect(new Big(quantity).lte(before.get(price) ?? 0)).toBe(true);
          }
        }
      }),
    );
  });
});

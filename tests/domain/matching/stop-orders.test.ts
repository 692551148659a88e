import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { Market } from '../../../domain/matching/market.ts';
import type { MarketFill, StopOrder, TapePrint, TriggeredStop } from '../../../domain/matching/market-types.ts';
import {
  atMarket,
  impactModels,
  limit,
  LOT,
  lots,
  marketOf,
  NO_FADING,
  snapshotOf,
  TICK,
  type TickBook,
  tickBooks,
  ticks,
  trade,
} from './books.ts';

// Best bid 10.00 x 0.010, best ask 10.02 x 0.010.
const BOOK: TickBook = {
  bids: [
    [1000, 10],
    [999, 20],
    [998, 20],
  ],
  asks: [
    [1002, 10],
    [1003, 20],
  ],
};

const sellStop = (orderId: number, stop: number, price: number, quantity = 10): StopOrder => ({
  orderId,
  side: 'sell',
  quantity: lots(quantity),
  price: ticks(price),
  stop: ticks(stop),
  timeInForce: 'GTC',
});
const allTriggered = (market: Market, at = 0): TriggeredStop[] => {
  const triggered: TriggeredStop[] = [];
  for (let next = market.triggerNext(at); next !== null; next = market.triggerNext(at)) triggered.push(next);
  return triggered;
};

describe('an order that waits for its stop price', () => {
  it('is not in the book, and comes to the market at a print at its price', () => {
    const market = marketOf(BOOK);
    market.apply(trade(1, '10.01', '0.001', true), 0);
    expect(market.waitForStop(sellStop(1, 999, 998, 15))).toBe(true);
    expect(market.depth(9, 0).asks.map(([price]) => price)).toEqual(['10.02', '10.03']);
    market.apply(trade(2, '10', '0.001', true), 0);
    expect(market.triggerNext(0)).toBeNull();
    market.apply(trade(3, '9.99', '0.001', true), 5);
    // 10 lots at 10.00, then 5 of the 20 at 9.99.
    expect(market.triggerNext(5)).toMatchObject({
      orderId: 1,
      outcome: 'filled',
      remaining: '0',
      fills: [
        { price: '10', quantity: '0.01', maker: false },
        { price: '9.99', quantity: '0.005', maker: false },
      ],
    });
    market.apply(trade(4, '9.9', '0.001', true), 6);
    expect(market.triggerNext(6)).toBeNull();
  });

  it('does not wait when the last price has reached it already', () => {
    const market = marketOf(BOOK);
    market.apply(trade(1, '10.01', '0.001', true), 0);
    expect(market.waitForStop(sellStop(1, 1001, 998))).toBe(false);
    expect(market.waitForStop({ ...sellStop(2, 1001, 1003), side: 'buy' })).toBe(false);
    expect(market.waitForStop(sellStop(3, 1000, 998))).toBe(true);
    expect(market.waitForStop({ ...sellStop(4, 1002, 1003), side: 'buy' })).toBe(true);
  });

  it('waits for the first print of a tape that has none', () => {
    const market = marketOf(BOOK);
    expect(market.waitForStop(sellStop(1, 2000, 998))).toBe(true);
    expect(market.triggerNext(0)).toBeNull();
    market.apply(trade(1, '10.01', '0.001', true), 0);
    expect(market.triggerNext(0)).toMatchObject({ orderId: 1, outcome: 'filled' });
  });

  it('can be taken out before and after it was triggered', () => {
    const market = marketOf(BOOK);
    market.waitForStop(sellStop(1, 999, 1005));
    expect(market.cancel(1, 0)).toBe('0.01');
    expect(market.cancel(1, 0)).toBeNull();
    market.waitForStop(sellStop(2, 999, 1005));
    market.apply(trade(1, '9.99', '0.001', true), 0);
    expect(allTriggered(market)).toMatchObject([{ orderId: 2, outcome: 'rested' }]);
    expect(market.restingOrders).toMatchObject([{ orderId: 2, price: '10.05' }]);
    expect(market.cancel(2, 0)).toBe('0.01');
  });

  it('goes in the order in which the tape reached it, those of one print by age', () => {
    const market = marketOf(BOOK);
    market.waitForStop(sellStop(1, 998, 900));
    market.waitForStop(sellStop(2, 1000, 900));
    market.waitForStop(sellStop(3, 1000, 900));
    // 10 lots at 10.00, 20 at 9.99, 5 at 9.98.
    market.submit(atMarket(9, 'sell', lots(35)), 0);
    expect(allTriggered(market).map(({ orderId }) => orderId)).toEqual([2, 3, 1]);
  });

  it('is set off by what another one trades', () => {
    const market = marketOf(BOOK);
    market.waitForStop(sellStop(1, 998, 900, 5));
    market.waitForStop(sellStop(2, 1000, 900, 35));
    market.apply(trade(1, '10', '0.001', true), 0);
    // The second one trades down to 9.98, the price of the first.
    expect(allTriggered(market).map(({ orderId }) => orderId)).toEqual([2, 1]);
  });

  it('waits again after a restart, for the next print; what was printed meanwhile does not count', () => {
    const market = new Market({ symbol: 'BTC/USDT', tick: TICK, lot: LOT, impact: NO_FADING }, 1);
    market.beginReplay([]);
    market.replay(snapshotOf(BOOK), 0);
    market.replay(trade(1, '9.5', '0.001', true), 0);
    market.finishReplay([], 0, [sellStop(1, 999, 998)]);
    market.replay(trade(2, '9.5', '0.001', true), 0);
    expect(market.triggerNext(0)).toBeNull();
    market.apply(trade(3, '9.6', '0.001', true), 1);
    expect(market.triggerNext(1)).toMatchObject({ orderId: 1 });
  });

  it('refuses what is no number of the steps of the market', () => {
    expect(() => marketOf(BOOK).waitForStop({ ...sellStop(1, 999, 998), stop: '9.995' })).toThrow('stop "9.995"');
  });

  it('is triggered at most once, after a print that reached it, and never trades beyond its limit', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('trade' as const),
        ticks: fc.integer({ min: 985, max: 1020 }),
        lots: fc.integer({ min: 1, max: 60 }),
        buyerIsMaker: fc.boolean(),
      }),
      fc.record({
        kind: fc.constantFrom('order' as const, 'stop' as const),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        ticks: fc.integer({ min: 985, max: 1020 }),
        beyond: fc.integer({ min: -5, max: 10 }),
        lots: fc.integer({ min: 1, max: 60 }),
        timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const),
      }),
    );
    let triggers = 0;
    fc.assert(
      fc.property(tickBooks, impactModels, fc.array(step, { maxLength: 40 }), (book, impact, script) => {
        const market = marketOf(book, impact);
        const prints: TapePrint[] = [];
        const fills: MarketFill[] = [];
        const stops = new Map<number, { readonly order: StopOrder; readonly printsBefore: number }>();
        const triggered = new Set<number>();
        const note = (change: { fills: readonly MarketFill[]; prints: readonly TapePrint[] }) => {
          prints.push(...change.prints);
          fills.push(...change.fills);
        };
        script.forEach((each, orderId) => {
          const at = orderId * 700;
          if (each.kind === 'trade') {
            note(market.apply(trade(orderId, ticks(each.ticks), lots(each.lots), each.buyerIsMaker), at));
          } else if (each.kind === 'order') {
            note(market.submit(limit(orderId, each.side, lots(each.lots), ticks(each.ticks), each.timeInForce), at));
          } else {
            const { side, timeInForce } = each;
            const price = ticks(each.ticks + (side === 'sell' ? -each.beyond : each.beyond));
            const order = { orderId, side, quantity: lots(each.lots), price, stop: ticks(each.ticks), timeInForce };
            if (market.waitForStop(order)) stops.set(orderId, { order, printsBefore: prints.length });
          }
          for (let next = market.triggerNext(at); next !== null; next = market.triggerNext(at)) {
            const { order, printsBefore } = stops.get(next.orderId)!;
            expect(triggered.has(next.orderId)).toBe(false);
            triggered.add(next.orderId);
            const reached = prints.slice(printsBefore).some(({ price }) => {
              return order.side === 'sell' ? new Big(price).lte(order.stop) : new Big(price).gte(order.stop);
            });
            expect(reached).toBe(true);
            note(next);
          }
        });
        triggers += triggered.size;
        for (const { orderId, price } of fills) {
          const order = stops.get(orderId)?.order;
          if (order === undefined) continue;
          expect(triggered.has(orderId)).toBe(true);
          expect(order.side === 'sell' ? new Big(price).gte(order.price) : new Big(price).lte(order.price)).toBe(true);
        }
        // No stop is left waiting that a print has reached.
        for (const { order, printsBefore } of stops.values()) {
          const reached = prints.slice(printsBefore).some(({ price }) => {
            return order.side === 'sell' ? new Big(price).lte(order.stop) : new Big(price).gte(order.stop);
          });
          expect(triggered.has(order.orderId)).toBe(reached);
        }
      }),
      { numRuns: 300 },
    );
    expect(triggers).toBeGreaterThan(100);
  });
});

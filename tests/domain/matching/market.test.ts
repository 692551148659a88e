import { describe, expect, it } from '@jest/globals';
import type { MarketChange } from '../../../domain/matching/market-types.ts';
import { atMarket, limit, marketOf, type TickBook, trade } from './books.ts';

// Best bid 10.00 x 0.010, best ask 10.02 x 0.010.
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

const fillsOf = (change: MarketChange) =>
  change.fills.map(({ orderId, price, quantity, maker, tradeId }) => [orderId, price, quantity, maker, tradeId]);
const printsOf = (change: MarketChange) =>
  change.prints.map(({ tradeId, price, quantity, buyerIsMaker, ours }) => [
    tradeId,
    price,
    quantity,
    buyerIsMaker,
    ours,
  ]);

describe('taking', () => {
  it('walks the levels best first and prints one trade for each', () => {
    const market = marketOf(BOOK, undefined, 100);
    const bought = market.submit(atMarket(1, 'buy', '0.015'), 5);
    expect(bought.outcome).toBe('filled');
    expect(bought.remaining).toBe('0');
    expect(fillsOf(bought)).toEqual([
      [1, '10.02', '0.01', false, 100],
      [1, '10.03', '0.005', false, 101],
    ]);
    expect(printsOf(bought)).toEqual([
      [100, '10.02', '0.01', false, true],
      [101, '10.03', '0.005', false, true],
    ]);
    expect(bought.fills.every(({ at, sourceId }) => at === 5 && sourceId === null)).toBe(true);
    expect(market.nextTradeId).toBe(102);
    expect(market.best(5)).toEqual({ bid: '10', bidQuantity: '0.01', ask: '10.03', askQuantity: '0.015', at: 5 });
  });

  it('does not go beyond its limit; the rest of an IOC order expires', () => {
    const market = marketOf(BOOK);
    const sold = market.submit(limit(1, 'sell', '0.015', '10.00', 'IOC'), 0);
    expect(sold).toMatchObject({ outcome: 'expired', remaining: '0.005' });
    expect(fillsOf(sold)).toEqual([[1, '10', '0.01', false, 1]]);
    expect(sold.prints[0]?.buyerIsMaker).toBe(true);
    expect(market.restingOrders).toEqual([]);
  });

  it('lets the rest of a GTC order rest at its limit', () => {
    const market = marketOf(BOOK);
    expect(market.submit(limit(1, 'buy', '0.015', '10.02'), 0)).toMatchObject({
      outcome: 'rested',
      remaining: '0.005',
    });
    expect(market.restingOrders).toEqual([{ orderId: 1, side: 'buy', price: '10.02', remaining: '0.005' }]);
    expect(market.best(0)).toMatchObject({ bid: '10.02', bidQuantity: '0.005', ask: '10.03' });
  });

  it('expires what a market order cannot find', () => {
    const market = marketOf(BOOK);
    expect(market.submit(atMarket(1, 'buy', '1'), 0)).toMatchObject({ outcome: 'expired', remaining: '0.97' });
    expect(market.best(0)).toBeNull();
  });

  it('fills a FOK order whole or not at all', () => {
    const market = marketOf(BOOK);
    const before = market.depth(10, 0);
    expect(market.submit(limit(1, 'buy', '0.031', '10.03', 'FOK'), 0)).toMatchObject({
      outcome: 'expired',
      fills: [],
      prints: [],
    });
    expect(market.depth(10, 0)).toEqual(before);
    expect(market.submit(limit(2, 'buy', '0.03', '10.03', 'FOK'), 0).outcome).toBe('filled');
  });

  it('refuses a post-only order that would take and rests one that would not', () => {
    const market = marketOf(BOOK);
    expect(market.submit({ ...limit(1, 'buy', '0.01', '10.02'), postOnly: true }, 0)).toMatchObject({
      outcome: 'would-take',
      fills: [],
      remaining: '0.01',
    });
    expect(market.submit({ ...limit(2, 'buy', '0.01', '10.01'), postOnly: true }, 0).outcome).toBe('rested');
  });

  it('names a price that is off the grid, and nothing has happened', () => {
    const market = marketOf(BOOK);
    const before = market.depth(10, 0);
    expect(() => market.submit(limit(1, 'buy', '0.01', '10.005'), 0)).toThrow('price "10.005"');
    expect(market.depth(10, 0)).toEqual(before);
  });
});

describe('resting', () => {
  it('shows its quantity with the outside of the same price', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'buy', '0.007', '10.00'), 0);
    market.submit(limit(2, 'sell', '0.002', '10.05'), 0);
    expect(market.depth(10, 0).bids).toEqual([
      ['10', '0.017'],
      ['9.99', '0.02'],
    ]);
    expect(market.depth(10, 0).asks[2]).toEqual(['10.05', '0.002']);
    expect(market.depth(1, 0).asks).toEqual([['10.02', '0.01']]);
  });

  it('waits until the outside ahead of it at its price has traded', () => {
    const market = marketOf(BOOK, undefined, 50);
    market.submit(limit(1, 'buy', '0.007', '10.00'), 0);
    expect(fillsOf(market.apply(trade(900, '10.00', '0.006', true), 1))).toEqual([]);
    // 0.004 of the 0.010 ahead are left: of the next 0.009, 0.005 reach the order.
    const hit = market.apply(trade(901, '10.00', '0.009', true), 2);
    expect(fillsOf(hit)).toEqual([[1, '10', '0.005', true, 51]]);
    expect(hit.fills[0]?.sourceId).toBe(901);
    expect(printsOf(hit)).toEqual([
      [51, '10', '0.005', true, true],
      [52, '10', '0.004', true, false],
    ]);
    expect(hit.prints.map(({ sourceId }) => sourceId)).toEqual([901, 901]);
  });

  it('moves up when its level shrinks, and not back when it grows', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'buy', '0.007', '10.00'), 0);
    market.apply({ kind: 'depth', t: 0, firstUpdateId: 2, lastUpdateId: 2, bids: [['10.00', '0.002']], asks: [] }, 1);
    market.apply({ kind: 'depth', t: 0, firstUpdateId: 3, lastUpdateId: 3, bids: [['10.00', '0.500']], asks: [] }, 2);
    expect(fillsOf(market.apply(trade(1, '10.00', '0.005', true), 3))).toEqual([[1, '10', '0.003', true, 1]]);
  });

  it('does not trade with an aggressor of its own side at its price', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'buy', '0.007', '10.01'), 0);
    expect(fillsOf(market.apply(trade(1, '10.01', '0.005', false), 1))).toEqual([]);
  });

  it('fills at its own price when a trade goes through it, up to the size of the trade', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'buy', '0.007', '10.01'), 0);
    const through = market.apply(trade(1, '9.99', '0.004', true), 1);
    expect(fillsOf(through)).toEqual([[1, '10.01', '0.004', true, 1]]);
    expect(printsOf(through)).toEqual([[1, '10.01', '0.004', true, true]]);
    expect(market.restingOrders[0]?.remaining).toBe('0.003');
  });

  it('goes by price, then by time', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'sell', '0.001', '10.02'), 0);
    market.submit(limit(2, 'sell', '0.001', '10.01'), 0);
    market.submit(limit(3, 'sell', '0.001', '10.01'), 0);
    const hit = market.apply(trade(1, '10.02', '0.013', false), 1);
    expect(fillsOf(hit)).toEqual([
      [2, '10.01', '0.001', true, 1],
      [3, '10.01', '0.001', true, 2],
      [1, '10.02', '0.001', true, 3],
    ]);
    // 0.002 above the level, 0.010 of outside ahead, then order 1: 0.010 print unchanged.
    expect(printsOf(hit).at(-1)).toEqual([4, '10.02', '0.01', false, false]);
  });

  it('keeps the place of a second order behind outside quantity that came between', () => {
    const market = marketOf({ bids: [], asks: [[1002, 10]] });
    market.submit(limit(1, 'sell', '0.001', '10.02'), 0);
    market.apply({ kind: 'depth', t: 0, firstUpdateId: 2, lastUpdateId: 2, bids: [], asks: [['10.02', '0.015']] }, 1);
    market.submit(limit(2, 'sell', '0.001', '10.02'), 1);
    // Queue: 0.010 outside, order 1, 0.005 outside, order 2.
    const bought = market.submit(atMarket(3, 'buy', '0.016'), 2);
    expect(bought.fills.filter(({ maker }) => maker).map(({ orderId }) => orderId)).toEqual([1]);
    expect(market.submit(atMarket(4, 'buy', '0.001'), 2).fills.find(({ maker }) => maker)?.orderId).toBe(2);
  });

  it('gives back what was left at a cancel, once', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'buy', '0.007', '10.01'), 0);
    market.apply(trade(1, '9.99', '0.004', true), 1);
    expect(market.cancel(1, 2)).toBe('0.003');
    expect(market.cancel(1, 2)).toBeNull();
    expect(market.best(2)?.bid).toBe('10');
  });
});

describe('orders of ours that meet', () => {
  it('trade with each other as one print with two fills, and displace nothing', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'buy', '0.005', '10.01'), 0);
    const sold = market.submit(limit(2, 'sell', '0.005', '10.00'), 1);
    expect(fillsOf(sold)).toEqual([
      [1, '10.01', '0.005', true, 1],
      [2, '10.01', '0.005', false, 1],
    ]);
    expect(sold.prints).toHaveLength(1);
    expect(market.best(1)).toMatchObject({ bid: '10', bidQuantity: '0.01', ask: '10.02', askQuantity: '0.01' });
  });

  it('trade after the outside that stood at the price before', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'buy', '0.005', '10.00'), 0);
    expect(fillsOf(market.submit(limit(2, 'sell', '0.012', '10.00', 'IOC'), 1))).toEqual([
      [2, '10', '0.01', false, 1],
      [1, '10', '0.002', true, 2],
      [2, '10', '0.002', false, 2],
    ]);
  });
});

describe('an outside book that comes to a resting order', () => {
  it('trades with it at its price, for as much as has come', () => {
    const market = marketOf(BOOK);
    market.submit(limit(1, 'buy', '0.007', '10.01'), 0);
    const change = market.apply(
      {
        kind: 'depth',
        t: 0,
        firstUpdateId: 2,
        lastUpdateId: 2,
        bids: [],
        asks: [
          ['10.00', '0.003'],
          ['10.01', '0.001'],
        ],
      },
      1,
    );
    expect(fillsOf(change)).toEqual([[1, '10.01', '0.004', true, 1]]);
    expect(market.depth(1, 1)).toMatchObject({ bids: [['10.01', '0.003']], asks: [['10.02', '0.01']] });
  });

  it('trades with it when our displacement has faded so far, and the book is never shown crossed meanwhile', () => {
    const market = marketOf(BOOK, { permanent: 0, halfLifeMs: 1000 });
    market.submit(atMarket(1, 'buy', '0.010'), 0);
    market.submit(limit(2, 'buy', '0.007', '10.02'), 0);
    // After 1 s half of the 0.010 at 10.02 is back.
    expect(market.best(1000)).toMatchObject({ bid: '10.02', ask: '10.03' });
    expect(fillsOf(market.settle(1000))).toEqual([[2, '10.02', '0.005', true, 2]]);
  });
});

describe('public view', () => {
  it('is empty before the snapshot', () => {
    const market = marketOf({ bids: [], asks: [] });
    expect(market.best(0)).toBeNull();
    expect(market.depth(5, 0)).toMatchObject({ bids: [], asks: [] });
  });

  it('raises the update id with every change, ours and the outside, and with fading', () => {
    const market = marketOf(BOOK, { permanent: 0, halfLifeMs: 1000 });
    const ids = [market.depth(5, 0).lastUpdateId];
    const note = (at: number) => ids.push(market.depth(5, at).lastUpdateId);
    market.submit(limit(1, 'buy', '0.007', '10.01'), 0);
    note(0);
    market.apply({ kind: 'depth', t: 0, firstUpdateId: 2, lastUpdateId: 2, bids: [['9.98', '1']], asks: [] }, 1);
    note(1);
    market.cancel(1, 1);
    note(1);
    market.submit(atMarket(2, 'sell', '0.005'), 1);
    note(1);
    note(1001);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const unchanged = market.depth(5, 1001).lastUpdateId;
    expect(unchanged).toBe(ids.at(-1));
  });
});

describe('quote check', () => {
  it('compares the last quote of each span of updates with the book at the end of the span', () => {
    const market = marketOf(BOOK);
    const quote = (updateId: number, bidQuantity: string) =>
      market.apply({ kind: 'quote', t: 0, updateId, bid: ['10.00', bidQuantity], ask: ['10.02', '0.01'] }, 0);
    const depth = (id: number, bidQuantity: string) =>
      market.apply(
        { kind: 'depth', t: 0, firstUpdateId: id, lastUpdateId: id + 1, bids: [['10.00', bidQuantity]], asks: [] },
        0,
      );
    quote(2, '0.5');
    quote(3, '0.6');
    quote(4, '0.7');
    depth(2, '0.6');
    expect(market.quoteCheck).toEqual({ compared: 1, agreed: 1 });
    depth(4, '0.8');
    expect(market.quoteCheck).toEqual({ compared: 2, agreed: 1 });
    depth(6, '0.9');
    expect(market.quoteCheck).toEqual({ compared: 2, agreed: 1 });
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  BAR_PHASES,
  type BarChange,
  BarMarket,
  type BarPhase,
} from '../../../../domain/matching/bar-market/bar-market.ts';
import type { MarketOrder } from '../../../../domain/matching/market-types.ts';
import { candlesOf, HOUR_MS, type Row } from '../../backtest/engine/scripted.ts';

const CONFIG = { tick: '0.1', lot: '0.01' };
/** A bar of history, one that goes from 100 over 104 and 96 to 102, and one behind a gap. */
const ROWS: readonly Row[] = [
  [99, 101, 98, 100, 10],
  [100, 104, 96, 102, 8],
  [110, 112, 108, 111, 0],
];
const marketAt = (rows = ROWS) =>
  new BarMarket(CONFIG, candlesOf(rows), { position: { index: 0, phase: 'close' }, nextTradeId: 5 });
const order = (orderId: number, change: Partial<MarketOrder> = {}): MarketOrder => ({
  orderId,
  side: 'buy',
  quantity: '2',
  price: '105',
  timeInForce: 'IOC',
  postOnly: false,
  ...change,
});
const released = (market: BarMarket, phase: BarPhase): BarChange => market.release(phase, 7, () => true);
const fillsIn = (change: Pick<BarChange, 'fills'>) => change.fills.map(({ orderId, price }) => `${orderId} @ ${price}`);

describe('a market that replays bars', () => {
  it('stands a tick inside bid and ask at the last price', () => {
    const market = marketAt();
    expect(market.best(3)).toEqual({ bid: '99.9', bidQuantity: '9000', ask: '100.1', askQuantity: '9000', at: 3 });
    for (const phase of BAR_PHASES) released(market, phase);
    expect(market.best(3)).toMatchObject({ bid: '101.9', ask: '102.1' });
  });

  it('shows a bar that has begun flat, then what is known of it, then all of it', () => {
    const market = marketAt();
    const flat = (price: string) => ({ open: price, high: price, low: price, close: price, volume: '0' });
    expect(market.shown(1)).toEqual({ time: HOUR_MS, ...flat('100') });
    released(market, 'open');
    // What was printed at the open, half of all: without it the bar could not be told from one that has not opened.
    expect(market.shown(1)).toEqual({ time: HOUR_MS, ...flat('100'), volume: '4' });
    released(market, 'path');
    expect(market.shown(1)).toMatchObject({ open: '100', high: '104', low: '96', close: '100', volume: '4' });
    released(market, 'close');
    expect(market.shown(1)).toMatchObject({ open: '100', high: '104', low: '96', close: '102', volume: '8' });
    expect(market.shown(2)).toEqual({ time: 2 * HOUR_MS, ...flat('102') });
  });

  it('prints half of the volume at open and close each, at least a lot, in one gapless tape', () => {
    const market = marketAt();
    const prints = [...BAR_PHASES, ...BAR_PHASES].flatMap((phase) => released(market, phase).prints);
    expect(prints.map(({ tradeId, price, quantity }) => [tradeId, price, quantity])).toEqual([
      [5, '100', '4'],
      [6, '102', '4'],
      [7, '110', '0.01'],
      [8, '111', '0.01'],
    ]);
  });

  it('prints of a volume beyond what a tape can count as much as it can', () => {
    const market = marketAt([ROWS[0]!, [100, 104, 96, 102, 1e12]]);
    // 2^53 - 1 units of 1e-8, in whole lots of 0.01.
    expect(released(market, 'open').prints).toMatchObject([{ quantity: '90071992.54' }]);
  });

  it('releases the phases of each bar in their order and says when none is left', () => {
    const market = marketAt();
    expect(() => released(market, 'path')).toThrow('the next phase is open, not path');
    for (const phase of [...BAR_PHASES, ...BAR_PHASES]) released(market, phase);
    expect(market).toMatchObject({ left: 0, next: null, position: { index: 2, phase: 'close' } });
    expect(() => released(market, 'open')).toThrow('no bar is left');
    // What would have begun opens when the last bar closed.
    expect(market.shown(3)).toMatchObject({ time: 3 * HOUR_MS, open: '111' });
  });

  it('lets sells fill before buys at the open, each in the order of acceptance', () => {
    const market = marketAt();
    market.submit(order(1), 0);
    market.submit(order(2, { side: 'sell', price: '95' }), 0);
    market.submit(order(3, { price: null }), 0);
    market.submit(order(4, { side: 'sell', price: null }), 0);
    expect(fillsIn(released(market, 'open'))).toEqual(['2 @ 100', '4 @ 100', '1 @ 100', '3 @ 100']);
  });

  it('expires at the open what trades at once or never and what the account cannot pay', () => {
    const market = marketAt();
    market.submit(order(1, { price: '99.9' }), 0);
    market.submit(order(2, { side: 'sell', price: '100.1', timeInForce: 'FOK' }), 0);
    market.submit(order(3, { price: null }), 0);
    market.submit(order(4, { price: '99.9', timeInForce: 'GTC' }), 0);
    const { fills, expired } = market.release('open', 0, ({ price, quantity }) => {
      expect([price, quantity]).toEqual(['100', '2']);
      return false;
    });
    expect([fills, expired]).toEqual([[], [2, 1, 3]]);
    expect(market.cancel(4, 0)).toBe('2');
  });

  it('lets stops fill before limits on the path', () => {
    const market = marketAt();
    market.submit(order(1, { side: 'sell', price: '103', timeInForce: 'GTC' }), 0);
    market.waitForStop({ orderId: 2, side: 'sell', quantity: '2', price: '90', stop: '97', timeInForce: 'GTC' });
    released(market, 'open');
    const path = released(market, 'path');
    expect(fillsIn(path)).toEqual(['2 @ 97', '1 @ 103']);
    expect(path.triggered).toEqual([2]);
  });

  it('fills a stop at the open behind a gap', () => {
    const market = marketAt();
    for (const phase of BAR_PHASES) released(market, phase);
    market.waitForStop({ orderId: 1, side: 'buy', quantity: '2', price: '115', stop: '105', timeInForce: 'GTC' });
    const open = released(market, 'open');
    expect([fillsIn(open), open.triggered]).toEqual([['1 @ 110'], [1]]);
  });

  it('expires a stop that trades at once or never where a gap has passed its limit', () => {
    const market = marketAt();
    for (const phase of BAR_PHASES) released(market, phase);
    market.waitForStop({ orderId: 1, side: 'buy', quantity: '2', price: '109', stop: '105', timeInForce: 'IOC' });
    expect(released(market, 'open')).toMatchObject({ fills: [], triggered: [], expired: [] });
    expect(released(market, 'path')).toMatchObject({ fills: [], triggered: [1], expired: [1] });
  });

  it('takes no stop that the last price has reached', () => {
    const market = marketAt();
    const stop = { orderId: 1, side: 'sell', quantity: '2', price: '90', timeInForce: 'GTC' } as const;
    expect(market.waitForStop({ ...stop, stop: '100' })).toBe(false);
    expect(market.waitForStop({ ...stop, stop: '99.9' })).toBe(true);
  });

  it('refuses to let a post-only order take', () => {
    const market = marketAt();
    const maker = { timeInForce: 'GTC', postOnly: true } as const;
    expect(market.submit(order(1, { ...maker, price: '100.1' }), 0).outcome).toBe('would-take');
    expect(market.submit(order(2, { ...maker, price: '100' }), 0).outcome).toBe('rested');
  });

  it('fills between open and path what the open allows, at once, and expires what will not wait', () => {
    const market = marketAt();
    released(market, 'open');
    expect(fillsIn(market.submit(order(1), 0))).toEqual(['1 @ 100']);
    expect(market.submit(order(2, { price: '99.9' }), 0)).toMatchObject({ outcome: 'expired', fills: [] });
    expect(market.submit(order(3, { price: '97', timeInForce: 'GTC' }), 0).outcome).toBe('rested');
    expect(fillsIn(released(market, 'path'))).toEqual(['3 @ 97']);
  });

  it('fills between path and close at its limit what only an extreme of the bar allowed; else the next open does', () => {
    const market = marketAt();
    released(market, 'open');
    released(market, 'path');
    expect(fillsIn(market.submit(order(1, { side: 'sell', price: '103.5' }), 0))).toEqual(['1 @ 103.5']);
    expect(market.submit(order(2, { side: 'sell', price: '99' }), 0).outcome).toBe('rested');
    expect(market.submit(order(3, { side: 'sell', price: '104.1' }), 0).outcome).toBe('rested');
    released(market, 'close');
    expect(fillsIn(released(market, 'open'))).toEqual(['2 @ 110', '3 @ 110']);
  });

  it('asks the open of the bar for that, and not the price that the order of somebody else has made since', () => {
    const market = marketAt();
    released(market, 'open');
    released(market, 'path');
    expect(fillsIn(market.submit(order(1, { side: 'sell', price: '103.5' }), 0))).toEqual(['1 @ 103.5']);
    expect(market.lastPrice).toBe('103.5');
    expect(fillsIn(market.submit(order(2, { side: 'sell', price: '102' }), 0))).toEqual(['2 @ 102']);
  });

  it.each([
    [
      [100, 104, 96, 102.05] as const,
      'bar 2 (1970-01-01T01:00:00.000Z): close is 102.05, which is no whole tick of 0.1',
    ],
    [[100, 104, 96.123456789, 102] as const, 'low is 96.123456789'],
  ])('takes no bar whose prices are no whole ticks', (row, message) => {
    expect(() => marketAt([ROWS[0]!, row])).toThrow(message);
  });
});

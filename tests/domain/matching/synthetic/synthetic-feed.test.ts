import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import type { FeedEvent } from '../../../../domain/matching/feed.ts';
import { Market } from '../../../../domain/matching/market.ts';
import type { SyntheticMarket } from '../../../../domain/matching/synthetic/synthetic-book.ts';
import { SyntheticFeed } from '../../../../domain/matching/synthetic/synthetic-feed.ts';

const BTC: SyntheticMarket = { symbol: 'BTC/USDT', tick: '0.01', lot: '0.00001', minNotional: '5' };
const MARKETS: readonly SyntheticMarket[] = [
  BTC,
  { symbol: 'ETH/USDT', tick: '0.01', lot: '0.0001', minNotional: '5' },
  { symbol: 'XRP/USDT', tick: '0.0001', lot: '1', minNotional: '10' },
  // One tick is a percent here, and one lot costs about 50.
  { symbol: 'COARSE/USDT', tick: '1', lot: '0.5', minNotional: '75' },
  { symbol: 'ODD/USDT', tick: '0.05', lot: '0.003', minNotional: '5' },
];
/** 2026-01-01T00:00:00Z. */
const MINUTE = 29_453_760;
const IMPACT = { permanent: 0.25, halfLifeMs: 21000 };

const marketFor = (listing: SyntheticMarket) => new Market({ ...listing, impact: IMPACT }, 1);
const isTrade = (event: FeedEvent) => event.kind === 'trade';

describe.each(MARKETS)('the synthetic feed of $symbol with tick $tick and lot $lot', (listing) => {
  const feed = new SyntheticFeed(listing, 42);

  it('runs without a gap over minutes, is never crossed, and trades at the best price within what stands there', () => {
    const market = marketFor(listing);
    market.apply(feed.snapshot(MINUTE), 0);
    const wrong: FeedEvent[] = [];
    let last = 0;
    for (const minute of [MINUTE, MINUTE + 1]) {
      for (const event of feed.block(minute)) {
        market.apply(event, event.t);
        const best = market.best(event.t)!;
        const ordered = event.t >= last && event.t >= minute * 60000 && event.t < (minute + 1) * 60000;
        last = event.t;
        const price = isTrade(event) && event.buyerIsMaker ? best.bid : best.ask;
        const shown = isTrade(event) && event.buyerIsMaker ? best.bidQuantity : best.askQuantity;
        const consistent = !isTrade(event) || (event.price === price && Number(event.quantity) <= Number(shown));
        if (!ordered || !consistent || Number(best.bid) >= Number(best.ask)) wrong.push(event);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keeps to tick, lot and minimum notional', () => {
    const isMultiple = (value: string, step: string) => new Big(value).mod(step).eq(0);
    const obeys = (event: FeedEvent): boolean => {
      if (event.kind === 'trade') {
        const whole = isMultiple(event.price, listing.tick) && isMultiple(event.quantity, listing.lot);
        return whole && new Big(event.price).times(event.quantity).gte(listing.minNotional);
      }
      const levels = event.kind === 'depth' ? [...event.bids, ...event.asks] : [];
      return levels.every(([price, quantity]) => isMultiple(price, listing.tick) && isMultiple(quantity, listing.lot));
    };
    expect(
      feed
        .block(MINUTE)
        .slice(0, 200)
        .filter((event) => !obeys(event)),
    ).toEqual([]);
  });

  it('shows fifty levels on each half', () => {
    const snapshot = feed.snapshot(MINUTE);
    expect(snapshot.asks).toHaveLength(50);
    expect(snapshot.bids).toHaveLength(50);
  });
});

describe('random access', () => {
  const feed = new SyntheticFeed(BTC, 42);

  it('gives the same book whether a minute is entered by its snapshot or by the blocks before it', () => {
    const through = marketFor(BTC);
    through.apply(feed.snapshot(MINUTE), 0);
    for (const minute of [MINUTE, MINUTE + 1, MINUTE + 2])
      for (const event of feed.block(minute)) through.apply(event, event.t);
    const direct = marketFor(BTC);
    direct.apply(feed.snapshot(MINUTE + 2), 0);
    for (const event of feed.block(MINUTE + 2)) direct.apply(event, event.t);
    expect(direct.depth(100, 0)).toEqual(through.depth(100, 0));
  });

  it('gives the same block for the same seed, another for another seed, symbol or minute', () => {
    const block = feed.block(MINUTE);
    expect(new SyntheticFeed(BTC, 42).block(MINUTE)).toEqual(block);
    expect(new SyntheticFeed(BTC, 43).block(MINUTE)).not.toEqual(block);
    expect(new SyntheticFeed({ ...BTC, symbol: 'BTC/EUR' }, 42).block(MINUTE)).not.toEqual(block);
    expect(new SyntheticFeed({ ...BTC, symbol: 'BTC/EUR' }, 42).snapshot(MINUTE).bids).not.toEqual(
      feed.snapshot(MINUTE).bids,
    );
  });

  it('knows the number of trades without generating them, and the trades without the book', () => {
    for (const minute of [MINUTE, MINUTE + 1, MINUTE + 720, MINUTE + 1439]) {
      const trades = feed.block(minute).filter(isTrade);
      expect(trades).toHaveLength(feed.tradesBefore(minute + 1) - feed.tradesBefore(minute));
      expect(trades.map(({ sourceId }) => sourceId)).toEqual(
        trades.map((_, index) => feed.tradesBefore(minute) + index),
      );
      expect(feed.trades(minute)).toEqual(trades);
    }
  });
});

describe('plausibility', () => {
  const daysOfMids = Array.from({ length: 200 }, (_, day) =>
    Number(new SyntheticFeed(BTC, 42).snapshot(MINUTE + day * 1440).bids[0]![0]),
  );

  it.each([
    ['BTC/USDT', 60000],
    ['ETH/USDT', 2500],
    ['XRP/USDT', 100],
  ])('%s stays around %i', (symbol, start) => {
    for (let day = 0; day < 50; day += 1) {
      const price = Number(new SyntheticFeed({ ...BTC, symbol }, day).snapshot(MINUTE + day * 1440).bids[0]![0]);
      expect(price).toBeGreaterThan(start * 0.75);
      expect(price).toBeLessThan(start * 1.3);
    }
  });

  it('moves by a percent or a few from day to day, as bitcoin does', () => {
    const moves = daysOfMids.slice(1).map((mid, index) => Math.abs(mid / daysOfMids[index]! - 1));
    const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
    expect(mean).toBeGreaterThan(0.005);
    expect(mean).toBeLessThan(0.04);
  });

  it.each([0, -1, 2 ** 40])('takes any whole seed: %i', (seed) => {
    expect(new SyntheticFeed(BTC, seed).snapshot(MINUTE).bids).toHaveLength(50);
  });

  it.each([
    [{ ...BTC, tick: '0' }, 1, 'tick "0" of BTC/USDT'],
    [{ ...BTC, lot: '-1' }, 1, 'lot "-1" of BTC/USDT'],
    [{ ...BTC, minNotional: 'x' }, 1, 'minNotional "x" of BTC/USDT'],
    [BTC, 1.5, 'seed 1.5'],
    [BTC, Number.NaN, 'seed NaN'],
  ])('refuses %j with seed %d', (listing, seed, message) => {
    expect(() => new SyntheticFeed(listing, seed)).toThrow(message);
  });
});

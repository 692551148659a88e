import { describe, expect, it } from '@jest/globals';
import type { ListedMarket } from '../../../../simulator/exchange/listed-market.ts';
import { candles, type Interval, openTimes } from '../../../../simulator/protocol/binance-spot/candles.ts';
import { dayTicker } from '../../../../simulator/protocol/binance-spot/tickers.ts';
import { listedMarket } from '../../support/listed-market.ts';

/** A Monday. */
const START = Date.UTC(2024, 0, 1);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Prints as [ms after the start, price, quantity, a sell hit the bid]. */
const PRINTS = [
  [1_000, '100.00', '1', false],
  [2_500, '102.00', '2', false],
  [2_600, '99.00', '1', true],
  [59_000, '101.00', '0.5', true],
  [2 * MINUTE_MS + 1, '105.00', '1', false],
] as const;

function marketWithPrints(): ListedMarket {
  const listing = { symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', tick: '0.01', lot: '0.00001', minNotional: '5' };
  const listed = listedMarket(listing);
  listed.record(
    PRINTS.map(([after, price, quantity, buyerIsMaker], index) => ({
      tradeId: index + 1,
      price,
      quantity,
      buyerIsMaker,
      at: START + after,
      sourceId: null,
      ours: false,
    })),
  );
  return listed;
}

const rows = (interval: Interval, from: number | null, to: number, limit = 500) =>
  candles(marketWithPrints(), interval, { from, to, limit });
const opensAndCloses = (found: readonly (readonly unknown[])[]) => found.map((row) => [Number(row[0]) - START, row[4]]);

describe('candles', () => {
  it('hold open, high, low, close, volumes and the taker buys of their minute', () => {
    // Volume 1 + 2 + 1 + 0.5; quote 100 + 204 + 99 + 50.5; bought by takers 1 + 2, for 100 + 204.
    expect(rows('1m', START, START + 1)).toEqual([
      [
        START,
        '100.00000000',
        '102.00000000',
        '99.00000000',
        '101.00000000',
        '4.50000000',
        START + 59_999,
        '453.50000000',
        4,
        '3.00000000',
        '304.00000000',
        '0',
      ],
    ]);
  });

  it('repeat the last close without volume where nothing traded', () => {
    const found = rows('1m', null, START + 2 * MINUTE_MS + 5_000);
    expect(opensAndCloses(found)).toEqual([
      [0, '101.00000000'],
      [MINUTE_MS, '101.00000000'],
      [2 * MINUTE_MS, '105.00000000'],
    ]);
    expect(found[1]?.slice(1, 9)).toEqual([
      '101.00000000',
      '101.00000000',
      '101.00000000',
      '101.00000000',
      '0.00000000',
      START + 2 * MINUTE_MS - 1,
      '0.00000000',
      0,
    ]);
  });

  it('of a second come from the prints themselves', () => {
    expect(opensAndCloses(rows('1s', START + 2_000, START + 3_000))).toEqual([
      [2_000, '99.00000000'],
      [3_000, '99.00000000'],
    ]);
  });

  it('of a second begin with the first print when more is asked for, however few are wanted', () => {
    const found = rows('1s', START - DAY_MS, START + 5_000, 2);
    expect(opensAndCloses(found)).toEqual([
      [1_000, '100.00000000'],
      [2_000, '99.00000000'],
    ]);
  });

  it('of longer intervals join the minutes', () => {
    // The last price is 105, the highest too, the lowest 99; volume 4.5 + 1.
    expect(rows('1h', START, START + 2 * MINUTE_MS)[0]?.slice(1, 6)).toEqual([
      '100.00000000',
      '105.00000000',
      '99.00000000',
      '105.00000000',
      '5.50000000',
    ]);
  });

  it('begin at or after the asked time, or end at the latest', () => {
    expect(opensAndCloses(rows('1m', START + 1, START + 2 * MINUTE_MS, 1))).toEqual([[MINUTE_MS, '101.00000000']]);
    expect(opensAndCloses(rows('1m', null, START + 2 * MINUTE_MS, 1))).toEqual([[2 * MINUTE_MS, '105.00000000']]);
    expect(rows('1m', null, START - 1)).toEqual([]);
  });

  it.each([
    ['1w', START + 3 * DAY_MS, START, START + 7 * DAY_MS],
    ['1M', Date.UTC(2024, 1, 29), Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1)],
    ['4h', START + 5 * 3_600_000, START + 4 * 3_600_000, START + 8 * 3_600_000],
  ] as const)('of %s open on the calendar', (interval, at, open, next) => {
    expect(openTimes(interval, at)).toEqual({ open, next });
  });
});

describe('the day ticker', () => {
  it('covers the last 24 hours in whole minutes', () => {
    // Without the first minute, a day after it: one trade of 1 at 105; the close before the window is 101.
    const now = START + DAY_MS + 5_000;
    expect(dayTicker(marketWithPrints(), now, 'FULL')).toMatchObject({
      openTime: START + MINUTE_MS,
      closeTime: now,
      openPrice: '105.00000000',
      prevClosePrice: '101.00000000',
      volume: '1.00000000',
      firstId: 5,
      lastId: 5,
      count: 1,
    });
  });

  it('weighs prices by volume and gives the change in percent', () => {
    // 558.5 quote over 5.5 base = 101.54545454; 105 - 100 = 5, 5 %.
    expect(dayTicker(marketWithPrints(), START + 3 * MINUTE_MS, 'FULL')).toMatchObject({
      weightedAvgPrice: '101.54545454',
      priceChange: '5.00000000',
      priceChangePercent: '5.000',
      lastPrice: '105.00000000',
      lastQty: '1.00000000',
    });
  });
});

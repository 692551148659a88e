import { describe, expect, it } from '@jest/globals';
import { candlePart } from '../../../domain/market/candle-part.ts';

/** As Binance has them; the last is a calendar month, not one minute. */
const BINANCE = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M'];

describe('what candles are made of', () => {
  it.each([
    ['1m', '1m'],
    ['1w', '1w'],
    ['5s', '1s'],
    ['90s', '1s'],
    // 7 is divided by 1 alone, 10 by 5, 45 by 15.
    ['7m', '1m'],
    ['10m', '5m'],
    ['45m', '15m'],
    ['36h', '12h'],
    // Weeks begin on Mondays, and pieces of three days do not.
    ['2w', '1w'],
    ['21d', '1w'],
  ])('%s: %s', (timeframe, part) => {
    expect(candlePart(timeframe, BINANCE)).toBe(part);
  });

  it('is nothing where nothing divides them', () => {
    expect(candlePart('5s', ['1m', '5m', '1M'])).toBeNull();
    expect(candlePart('7m', ['2m', '3m'])).toBeNull();
    expect(candlePart('1m', [])).toBeNull();
  });
});

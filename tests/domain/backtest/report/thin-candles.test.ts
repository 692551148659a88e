import { describe, expect, it } from '@jest/globals';
import { thinCandles } from '../../../../domain/backtest/report/thin-candles.ts';
import type { Candles } from '../../../../domain/market/candles.ts';

const five: Candles = {
  symbol: 'X',
  timeframe: '1m',
  length: 5,
  time: Float64Array.of(0, 60_000, 120_000, 180_000, 240_000),
  open: Float64Array.of(10, 11, 12, 13, 14),
  high: Float64Array.of(15, 12, 19, 14, 16),
  low: Float64Array.of(9, 8, 11, 12, 7),
  close: Float64Array.of(11, 12, 13, 14, 15),
  volume: Float64Array.of(1, 1, 1, 1, 1),
};

describe('joining candles for a picture', () => {
  it('leaves what fits as it is', () => {
    expect(thinCandles(five, 5)).toMatchObject({ barsPerCandle: 1, open: [...five.open], close: [...five.close] });
  });

  it('takes first open, highest high, lowest low and last close, also of a last group that is not full', () => {
    expect(thinCandles(five, 3)).toEqual({
      symbol: 'X',
      times: [0, 120_000, 240_000],
      open: [10, 12, 14],
      high: [15, 19, 16],
      low: [8, 11, 7],
      close: [12, 14, 15],
      barsPerCandle: 2,
    });
  });
});

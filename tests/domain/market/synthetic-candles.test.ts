import { describe, expect, it } from '@jest/globals';
import { syntheticCandles } from '../../../domain/market/synthetic-candles.ts';

describe('synthetic candles', () => {
  const candles = syntheticCandles({ seed: 7, bars: 5_000, timeframe: '15m', volatility: 0.002 });

  it('are bars that a market could have made', () => {
    for (let i = 0; i < candles.length; i++) {
      const [open, high, low, close] = [candles.open[i]!, candles.high[i]!, candles.low[i]!, candles.close[i]!];
      expect(low).toBeGreaterThan(0);
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      expect(low).toBeLessThanOrEqual(Math.min(open, close));
      expect(candles.volume[i]).toBeGreaterThan(0);
      if (i > 0) {
        expect(candles.time[i]! - candles.time[i - 1]!).toBe(15 * 60_000);
        expect(open).toBe(candles.close[i - 1]);
      }
    }
  });

  it('move as much as they were asked to', () => {
    let squares = 0;
    for (let i = 1; i < candles.length; i++) squares += (candles.close[i]! / candles.close[i - 1]! - 1) ** 2;
    const deviation = Math.sqrt(squares / (candles.length - 1));
    // 5,000 returns estimate a standard deviation to within 1 %; trends add about as much.
    expect(deviation / 0.002).toBeGreaterThan(0.95);
    expect(deviation / 0.002).toBeLessThan(1.05);
  });

  it('are the same for the same seed, whatever comes after, and others for another', () => {
    expect(syntheticCandles({ seed: 7, bars: 100, timeframe: '15m', volatility: 0.002 }).close).toEqual(
      candles.close.slice(0, 100),
    );
    expect(syntheticCandles({ seed: 8, bars: 100 }).close).not.toEqual(syntheticCandles({ seed: 7, bars: 100 }).close);
  });
});

import { describe, expect, it } from '@jest/globals';
import { syntheticCandles } from '../../../domain/market/synthetic-candles.ts';

describe('synthetic candles', () => {
  const candles = syntheticCandles({ seed: 7, bars: 5_000, timeframe: '15m', volatility: 0.002 });

  it('are bars that a market could have made', () => {
    const { length, time, open, high, low, close, volume } = candles;
    const wrong: number[] = [];
    for (let i = 0; i < length; i++) {
      const holdsItsPrices =
        low[i]! > 0 && high[i]! >= Math.max(open[i]!, close[i]!) && low[i]! <= Math.min(open[i]!, close[i]!);
      const follows = i === 0 || (time[i]! - time[i - 1]! === 15 * 60_000 && Object.is(open[i], close[i - 1]));
      if (!(holdsItsPrices && volume[i]! > 0 && follows)) wrong.push(i);
    }
    expect(length).toBe(5_000);
    expect(wrong).toEqual([]);
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

import { describe, expect, it } from '@jest/globals';
import { allocateCandles } from '../../../domain/market/candles.ts';
import { closesAt } from '../../../domain/market/closes-at.ts';

const candles = allocateCandles('A/B', '1m', 3);
candles.time.set([0, 60_000, 180_000]);
candles.close.set([10, 11, 13]);

describe('closes at the times of other bars', () => {
  it('are those of the same bar, or of the last one before', () => {
    expect([...closesAt(candles, Float64Array.of(0, 60_000, 120_000, 180_000, 240_000))!]).toEqual([
      10, 11, 11, 13, 13,
    ]);
  });

  it('are none where the market has no bar yet', () => {
    expect(closesAt(candles, Float64Array.of(-60_000, 0))).toBeNull();
  });
});

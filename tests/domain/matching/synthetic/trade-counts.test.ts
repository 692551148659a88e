import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { activity, tradesBefore } from '../../../../domain/matching/synthetic/trade-counts.ts';

describe('intraday activity', () => {
  it('is U-shaped over the UTC day with a mean of 1', () => {
    expect(activity(0)).toBeCloseTo(1.8, 10);
    expect(activity(720)).toBeCloseTo(0.6, 10);
    expect(activity(360)).toBeCloseTo(0.9, 10); // 0.6 + 1.2 x 0.5^2
    const mean =
      Array.from({ length: 1440 }, (_, minute) => activity(minute)).reduce((sum, value) => sum + value, 0) / 1440;
    expect(mean).toBeCloseTo(1, 3);
  });
});

describe('trade counts', () => {
  it('give every minute between one and five trades a second, more or less', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 60_000_000 }), (seed, minute) => {
        const count = tradesBefore(seed, minute + 1) - tradesBefore(seed, minute);
        // At least 0.6 x 144 - 39 and at most 1.8 x 144 + 39, give or take a rounding.
        expect(count).toBeGreaterThanOrEqual(46);
        expect(count).toBeLessThanOrEqual(300);
      }),
      { numRuns: 1000 },
    );
  });

  it('are three times as high at midnight as at noon', () => {
    const day = 20000 * 1440;
    const hour = (minute: number) => tradesBefore(3, day + minute + 60) - tradesBefore(3, day + minute);
    const ratio = hour(0) / hour(690);
    expect(ratio).toBeGreaterThan(2.5);
    expect(ratio).toBeLessThan(3.2);
  });
});

import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { marketableLimitPrice } from '../../../domain/execution/marketable-limit.ts';

const quote = { bid: '99.97', ask: '100.03' };
const price = (side: 'buy' | 'sell', bps: number, limit: string | null, tick = '0.01') =>
  marketableLimitPrice(side, quote, bps, limit, { tick });

describe('the price of a marketable limit order', () => {
  it.each([
    // 100.03 * 1.001 = 100.13003, down; 99.97 * 0.999 = 99.87003, up.
    ['buy', 10, null, '0.01', '100.13'],
    ['sell', 10, null, '0.01', '99.88'],
    // 100.03 * 1.001 = 100.13003 in ticks of 0.05: 100.10; 99.87003: 99.90.
    ['buy', 10, null, '0.05', '100.1'],
    ['sell', 10, null, '0.05', '99.9'],
    ['buy', 0, null, '0.01', '100.03'],
    ['sell', 0, null, '0.01', '99.97'],
    // The user's limit stands before the aggression.
    ['buy', 10, '100.08', '0.01', '100.08'],
    ['sell', 10, '99.93', '0.01', '99.93'],
    // A limit further out changes nothing.
    ['buy', 10, '101', '0.01', '100.13'],
    ['sell', 10, '99', '0.01', '99.88'],
    // At the touch it can still trade.
    ['buy', 10, '100.03', '0.01', '100.03'],
    ['sell', 10, '99.97', '0.01', '99.97'],
    // A limit between two ticks is rounded in our favour.
    ['buy', 10, '100.087', '0.01', '100.08'],
    ['sell', 10, '99.923', '0.01', '99.93'],
  ] as const)('of a %s with %i bps, limit %s and tick %s is %s', (side, bps, limit, tick, expected) => {
    expect(price(side, bps, limit, tick)).toBe(expected);
  });

  it.each([
    ['buy', '100.02'],
    ['sell', '99.98'],
  ] as const)('of a %s is none when the limit %s stops short of the touch', (side, limit) => {
    expect(price(side, 10, limit)).toBeNull();
  });

  it('is none when no tick lies between touch and limit', () => {
    // Ticks of 0.05: a buy at 100.03 could go to 100.05 at the nearest, beyond its limit of 100.04.
    expect(price('buy', 10, '100.04', '0.05')).toBeNull();
    expect(price('sell', 10, '99.96', '0.05')).toBeNull();
  });

  it('is always a whole tick that can trade, never beyond the limit nor the aggression', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('buy', 'sell' as const),
        fc.integer({ min: 1_000, max: 10_000_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.option(fc.integer({ min: 1, max: 10_000_000 })),
        fc.integer({ min: 1, max: 50 }),
        (side, bid, spread, bps, limit, tick) => {
          const [low, high] = [new Big(bid).div(100), new Big(bid + spread).div(100)];
          const bound = limit === null ? null : new Big(limit).div(100);
          const at = marketableLimitPrice(
            side as 'buy' | 'sell',
            { bid: low.toFixed(), ask: high.toFixed() },
            bps,
            bound?.toFixed() ?? null,
            { tick: new Big(tick).div(100).toFixed() },
          );
          if (at === null) return;
          const buy = side === 'buy';
          expect(new Big(at).times(100).mod(tick).eq(0)).toBe(true);
          expect(buy ? high.lte(at) : low.gte(at)).toBe(true);
          if (bound !== null) expect(buy ? bound.gte(at) : bound.lte(at)).toBe(true);
          const reach = buy ? high.times(10_000 + bps) : low.times(10_000 - bps);
          expect(buy ? new Big(at).times(10_000).lte(reach) : new Big(at).times(10_000).gte(reach)).toBe(true);
        },
      ),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { restingLimitPrice } from '../../../domain/execution/resting-limit.ts';

const quote = { bid: '59999', ask: '60001' };

describe('the price of an order that waits at the touch', () => {
  it.each([
    ['buy', null, '0.01', '59999'],
    ['sell', null, '0.01', '60001'],
    // Never beyond the limit: deeper in the book instead.
    ['buy', '59000', '0.01', '59000'],
    ['sell', '61000', '0.01', '61000'],
    // A limit beyond the touch does not matter.
    ['buy', '60500', '0.01', '59999'],
    ['sell', '59500', '0.01', '60001'],
    // Off the tick: away from the other side.
    ['buy', null, '10', '59990'],
    ['sell', null, '10', '60010'],
  ] as const)('%s with limit %s and tick %s is %s', (side, limit, tick, price) => {
    expect(restingLimitPrice(side, quote, limit, { tick })).toBe(price);
  });
});

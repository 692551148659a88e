import { describe, expect, it } from '@jest/globals';
import { orderRate } from '../../../../domain/risk/limits/order-rate.ts';
import { goodOrder } from '../good-order.ts';

const check = (last10s: number, lastMinute: number) =>
  orderRate.check({ ...goodOrder, recentOrders: { last10s, lastMinute } });

describe('order rate', () => {
  it('allows the last order of each window', () => {
    expect(check(99, 599)).toEqual([]);
  });

  it('refuses the next one, in whichever window is full', () => {
    expect(check(100, 100)).toMatchObject([{ code: 'ORDER_RATE_TOO_HIGH', value: '101', limit: '100' }]);
    expect(check(1, 600)).toMatchObject([{ code: 'ORDER_RATE_TOO_HIGH', value: '601', limit: '600' }]);
    expect(check(100, 600)).toHaveLength(2);
  });

  it('refuses a count that is no number', () => {
    expect(check(Number.NaN, 0)).toMatchObject([{ code: 'ORDER_RATE_TOO_HIGH' }]);
  });
});

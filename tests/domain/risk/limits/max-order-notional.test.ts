import { describe, expect, it } from '@jest/globals';
import { maxOrderNotional } from '../../../../domain/risk/limits/max-order-notional.ts';
import { goodOrder } from '../good-order.ts';

const check = (quantity: string, price: string) =>
  maxOrderNotional.check({ ...goodOrder, order: { ...goodOrder.order, quantity, price } });

describe('maximum order notional', () => {
  it('allows an order worth exactly the limit', () => {
    // 4 * 62,500 = 250,000
    expect(check('4', '62500')).toEqual([]);
  });

  it('refuses one worth the smallest step more', () => {
    // 4.00000001 * 62,500 = 250,000.000625
    expect(check('4.00000001', '62500')).toMatchObject([
      { code: 'ORDER_NOTIONAL_TOO_LARGE', value: '250000.000625', limit: '250000' },
    ]);
  });
});

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

  it('counts another quote currency at its rate', () => {
    const inBtc = (quantity: string, quote = 'BTC') =>
      maxOrderNotional.check({
        ...goodOrder,
        order: { ...goodOrder.order, symbol: `ETH/${quote}`, base: 'ETH', quote, quantity, price: '0.05' },
      });
    // 80 * 0.05 * 60,000 = 240,000; 84 * 0.05 * 60,000 = 252,000
    expect(inBtc('80')).toEqual([]);
    expect(inBtc('84')).toMatchObject([
      { code: 'ORDER_NOTIONAL_TOO_LARGE', value: '252000', message: expect.stringContaining('each BTC counts 60000') },
    ]);
    expect(inBtc('1', 'EUR')).toMatchObject([
      { code: 'ORDER_QUOTE_RATE_UNSET', message: expect.stringContaining('EUR') },
    ]);
    // A name that every object has is no currency.
    expect(inBtc('1', 'constructor')).toMatchObject([{ code: 'ORDER_QUOTE_RATE_UNSET' }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { maxOpenNotional } from '../../../../domain/risk/limits/max-open-notional.ts';
import { goodOrder } from '../good-order.ts';

const check = (openNotional: string, quantity: string) =>
  maxOpenNotional.check({ ...goodOrder, openNotional, order: { ...goodOrder.order, quantity, price: '60000' } });

describe('maximum open notional', () => {
  it('allows exactly the limit together with what is open', () => {
    // 940,000 + 1 * 60,000 = 1,000,000
    expect(check('940000', '1')).toEqual([]);
  });

  it('refuses the smallest step more, of the order or of what is open', () => {
    // 940,000 + 1.00001 * 60,000 = 1,000,000.6
    expect(check('940000', '1.00001')).toMatchObject([
      { code: 'OPEN_NOTIONAL_TOO_LARGE', value: '1000000.6', limit: '1000000' },
    ]);
    expect(check('940000.01', '1')).toMatchObject([{ value: '1000000.01' }]);
  });

  it('counts an order in another quote currency at its rate', () => {
    const order = { ...goodOrder.order, symbol: 'ETH/BTC', base: 'ETH', quote: 'BTC', quantity: '20', price: '0.05' };
    // 20 * 0.05 * 60,000 = 60,000
    expect(maxOpenNotional.check({ ...goodOrder, openNotional: '940000', order })).toEqual([]);
    expect(maxOpenNotional.check({ ...goodOrder, openNotional: '940000.5', order })).toMatchObject([
      {
        code: 'OPEN_NOTIONAL_TOO_LARGE',
        value: '1000000.5',
        message: expect.stringContaining('each BTC counts 60000'),
      },
    ]);
    expect(maxOpenNotional.check({ ...goodOrder, order: { ...order, quote: 'EUR' } })).toMatchObject([
      { code: 'OPEN_QUOTE_RATE_UNSET', message: expect.stringContaining('EUR') },
    ]);
  });
});

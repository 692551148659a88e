import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import type { GateInput } from '../../../../domain/risk/gate-input.ts';
import { balance, needOf } from '../../../../domain/risk/limits/balance.ts';
import { goodOrder } from '../good-order.ts';

const check = (given: Partial<Omit<GateInput, 'order'>>, order: Partial<GateInput['order']> = {}) =>
  balance.check({ ...goodOrder, ...given, order: { ...goodOrder.order, ...order } });

describe('balance', () => {
  // A buy of 0.1 at 60,010 with 10 bps of fee needs 6,001 * 1.001 = 6,007.001 USDT.
  it('allows a buy that uses up what is free, fee included', () => {
    expect(check({ balances: { base: '0', quote: '6007.001' } })).toEqual([]);
  });

  it('refuses a buy that lacks the last bit of its fee', () => {
    expect(check({ balances: { base: '0', quote: '6007.0009' } })).toMatchObject([
      { code: 'BALANCE_INSUFFICIENT', asset: 'USDT', value: '6007.001', limit: '6007.0009' },
    ]);
  });

  it('refuses a buy for which other orders hold the money back', () => {
    expect(check({ reserved: { base: '0', quote: '4000' } })).toMatchObject([
      { code: 'BALANCE_INSUFFICIENT', value: '6007.001', limit: '6000' },
    ]);
  });

  it('needs the base asset alone for a sell', () => {
    expect(check({ balances: { base: '0.1', quote: '0' } }, { side: 'sell' })).toEqual([]);
  });

  it('refuses a sell of more than is free', () => {
    const given = { balances: { base: '0.15', quote: '0' }, reserved: { base: '0.06', quote: '0' } };
    expect(check(given, { side: 'sell' })).toMatchObject([{ asset: 'BTC', value: '0.1', limit: '0.09' }]);
  });

  it('refuses when other orders hold back more than there is', () => {
    expect(check({ reserved: { base: '0', quote: '10001' } })).toMatchObject([{ limit: '-1' }]);
  });

  it('reserves no less than the order takes when that has more digits than decimal text', () => {
    // 0.00000001 * 0.00000001 * 1.00075 = 1.00075e-16, which has 21 decimals: up to 18 it is 1.01e-16.
    const tiny = { ...goodOrder.order, quantity: '0.00000001', price: '0.00000001' };
    expect(needOf(tiny, new Big('0.00075')).amount.toFixed()).toBe('0.000000000000000101');
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Quote } from '../../../../domain/market/quote.ts';
import type { GateOrder } from '../../../../domain/risk/gate-input.ts';
import { priceCollar } from '../../../../domain/risk/limits/price-collar.ts';
import { goodOrder } from '../good-order.ts';

const checkOrder = (order: Partial<GateOrder>) =>
  priceCollar.check({ ...goodOrder, order: { ...goodOrder.order, ...order } });
const checkQuote = (quote: Partial<Quote>) =>
  priceCollar.check({
    ...goodOrder,
    quote: { bid: '59999', ask: '60001', bidQuantity: '1', askQuantity: '1', at: goodOrder.now, ...quote },
  });

describe('price collar', () => {
  // Mid 60,000; 50 bps of it are 300.
  it.each([
    ['buy', '60300'],
    ['sell', '59700'],
    ['buy', '1'],
    ['sell', '999999'],
  ] as const)('allows a %s at %s: at the collar, or on the harmless side', (side, price) => {
    expect(checkOrder({ side, price })).toEqual([]);
  });

  it.each([
    ['buy', '60300.01', '50.001667'],
    ['sell', '59699.99', '50.001667'],
    ['buy', '66000', '1000'],
  ] as const)('refuses a %s at %s, %s bps beyond the mid', (side, price, bps) => {
    expect(checkOrder({ side, price })).toMatchObject([{ code: 'PRICE_OUTSIDE_COLLAR', value: bps, limit: '50' }]);
  });

  // Trigger 58,000; 50 bps of it are 290: of a stop only the way from there counts, however far the market is.
  it('holds the price of a stop against its trigger', () => {
    expect(checkOrder({ side: 'sell', stopPrice: '58000', price: '57710' })).toEqual([]);
    expect(checkOrder({ side: 'buy', stopPrice: '62000', price: '62310' })).toEqual([]);
    expect(checkOrder({ side: 'sell', stopPrice: '58000', price: '57709.99' })).toMatchObject([
      { code: 'PRICE_OUTSIDE_COLLAR', value: '50.001725', message: expect.stringContaining('the trigger 58000') },
    ]);
  });

  it('shows a value beyond the limit however little the price is beyond it', () => {
    // 1e-12 beyond the collar is far less than a millionth of a basis point: rounded up, not down to the limit itself.
    expect(checkOrder({ price: '60300.000000000001' })).toMatchObject([{ value: '50.000001' }]);
  });

  it.each([2_000, -2_000])('allows a quote %i ms old', (age) => {
    expect(checkQuote({ at: goodOrder.now - age })).toEqual([]);
  });

  it.each([
    ['old', 2_001, '2001'],
    ['from the future', -2_001, '-2001'],
    ['of no time', Number.NaN, 'NaN'],
  ])('refuses a quote that is %s', (_, age, value) => {
    expect(checkQuote({ at: goodOrder.now - age })).toMatchObject([{ code: 'QUOTE_STALE', value, limit: '2000' }]);
  });

  it.each([
    ['crossed', { bid: '60002' }],
    ['without a bid', { bid: '0' }],
    ['without an ask', { ask: '' }],
    ['negative', { bid: '-1' }],
  ])('refuses a quote that is %s', (_, quote) => {
    expect(checkQuote(quote)).toMatchObject([{ code: 'QUOTE_INVALID' }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../domain/risk/gate.ts';
import type { GateInput } from '../../../domain/risk/gate-input.ts';
import { reduces } from '../../../domain/risk/reduces.ts';
import { goodOrder } from './good-order.ts';

/** A sell of 5 BTC at 60,000, 300,000 USDT, that is beyond all that keeps positions from growing. */
const exit: GateInput = {
  ...goodOrder,
  order: { ...goodOrder.order, side: 'sell', quantity: '5', price: '60000', reduceOnly: true },
  balances: { base: '5', quote: '0' },
  openNotional: '1000000',
  reducible: '5',
  recentOrders: { last10s: 100, lastMinute: 600 },
  halts: [{ id: 'h1', scope: 'all', target: null, reason: 'drill', setAt: 0 }],
  config: { ...goodOrder.config, allowedSymbols: ['ETH/USDT'] },
};
const growth = [
  'SYMBOL_NOT_ALLOWED',
  'ORDER_NOTIONAL_TOO_LARGE',
  'OPEN_NOTIONAL_TOO_LARGE',
  'ORDER_RATE_TOO_HIGH',
  'ORDER_RATE_TOO_HIGH',
];

function codes(changes: Partial<GateInput>, order: Partial<GateInput['order']> = {}): string[] {
  const verdict = judge({ ...exit, ...changes, order: { ...exit.order, ...order } });
  return verdict.allowed ? [] : verdict.denials.map(({ code }) => code);
}

describe('a sell that is proved to reduce', () => {
  it('passes all that keeps positions from growing', () => {
    expect(reduces(exit)).toBe(true);
    expect(codes({})).toEqual([]);
    // Settings that only concern growth need not even be there.
    const config = { maxOrderNotional: null, maxOpenNotional: null, allowedSymbols: null, quoteRates: null };
    expect(codes({ openNotional: null, recentOrders: null, config: { ...exit.config, ...config } })).toEqual([]);
  });

  it('passes nothing else: not the balance, not the collar, not a quote that is old', () => {
    expect(codes({ balances: { base: '4.99999', quote: '0' } })).toEqual(['BALANCE_INSUFFICIENT']);
    // 50 bps below 60,000 are 59,700.
    expect(codes({}, { price: '59699.99' })).toEqual(['PRICE_OUTSIDE_COLLAR']);
    // A stop is held against its trigger, however far away that is.
    expect(codes({}, { price: '29850', stopPrice: '30000' })).toEqual([]);
    expect(codes({}, { price: '29849', stopPrice: '30000' })).toEqual(['PRICE_OUTSIDE_COLLAR']);
    expect(codes({ quote: null })).toEqual(['QUOTE_MISSING']);
  });
});

describe('a sell that proves nothing', () => {
  it.each<[string, Partial<GateInput>, Partial<GateInput['order']>]>([
    ['only says so, by hand', { reducible: null }, {}],
    ['is of the smallest step more than its session holds', { reducible: '4.99999999' }, {}],
    ['is of a session that holds nothing', { reducible: '0' }, {}],
  ])('that %s passes halts and no other limit', (_, changes, order) => {
    expect(reduces({ ...exit, ...changes, order: { ...exit.order, ...order } })).toBe(false);
    expect(codes(changes, order)).toEqual(growth);
  });

  it('that does not say so is halted too', () => {
    expect(codes({}, { reduceOnly: false })).toEqual(['HALTED', ...growth]);
  });

  it('as a buy is no reduction, whatever is held', () => {
    const quote = { base: '0', quote: '1000000' };
    expect(codes({ balances: quote }, { side: 'buy' })).toEqual(['HALTED', ...growth]);
  });

  it('is denied where what is held is no amount', () => {
    expect(codes({ reducible: '-1' })).toContain('INPUT_INVALID');
    expect(codes({ reducible: 'all' })).toContain('INPUT_INVALID');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Big from 'big.js';
import { type AcceptedOrder, Ledger, type LedgerFill } from '../../../simulator/exchange/ledger.ts';

const ORDER: AcceptedOrder = {
  orderId: 1,
  clientOrderId: 'a',
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  side: 'buy',
  type: 'limit',
  timeInForce: 'GTC',
  price: '100',
  stopPrice: null,
  quantity: '2',
  acceptedAt: 1_000,
  recordedAt: null,
};
const FILL: LedgerFill = {
  tradeId: 11,
  orderId: 1,
  symbol: 'BTC/USDT',
  side: 'buy',
  price: '99',
  quantity: '0.5',
  fee: '0.0005',
  feeAsset: 'BTC',
  maker: false,
  at: 1_001,
  recordedAt: null,
  sourceId: null,
};
const newLedger = () => new Ledger({ USDT: '1000', BTC: '3' }, 0);

describe('the ledger', () => {
  it('locks a buy at its limit and gives back what a better price saves', () => {
    const ledger = newLedger();
    ledger.accept(ORDER);
    // 2 * 100 locked.
    expect(ledger.balances.all()).toEqual([
      { asset: 'BTC', free: '3', locked: '0' },
      { asset: 'USDT', free: '800', locked: '200' },
    ]);
    ledger.fill(FILL);
    // Paid 0.5 * 99 = 49.50 of the 50 that were locked for it; received 0.5 less 0.0005.
    expect(ledger.balances.all()).toEqual([
      { asset: 'BTC', free: '3.4995', locked: '0' },
      { asset: 'USDT', free: '800.5', locked: '150' },
    ]);
    expect(ledger.order(1)).toMatchObject({ status: 'open', filled: '0.5', quoteFilled: '49.5', updatedAt: 1_001 });
    ledger.close(1, 'cancelled', 1_002);
    expect(ledger.balances.all()).toEqual([
      { asset: 'BTC', free: '3.4995', locked: '0' },
      { asset: 'USDT', free: '950.5', locked: '0' },
    ]);
    expect(ledger.openOrders()).toEqual([]);
  });

  it('locks a sell in base and takes its fee in quote', () => {
    const ledger = newLedger();
    ledger.accept({ ...ORDER, side: 'sell' });
    ledger.fill({ ...FILL, side: 'sell', price: '101', quantity: '2', fee: '0.202', feeAsset: 'USDT' });
    // 2 * 101 - 0.202.
    expect(ledger.balances.all()).toEqual([
      { asset: 'BTC', free: '1', locked: '0' },
      { asset: 'USDT', free: '1201.798', locked: '0' },
    ]);
    expect(ledger.order(1)?.status).toBe('filled');
  });

  it('pays a market order from what is free', () => {
    const ledger = newLedger();
    ledger.accept({ ...ORDER, type: 'market', price: null });
    ledger.fill(FILL);
    expect(ledger.balances.all()[1]).toEqual({ asset: 'USDT', free: '950.5', locked: '0' });
  });

  it('knows client ids as taken among open orders only, and finds the open one first', () => {
    const ledger = newLedger();
    ledger.accept(ORDER);
    expect(ledger.hasOpenClientId('BTC/USDT', 'a')).toBe(true);
    expect(ledger.hasOpenClientId('ETH/USDT', 'a')).toBe(false);
    ledger.close(1, 'cancelled', 1_001);
    expect(ledger.hasOpenClientId('BTC/USDT', 'a')).toBe(false);
    ledger.accept({ ...ORDER, orderId: 2 });
    expect(ledger.byClientOrderId('BTC/USDT', 'a')?.orderId).toBe(2);
  });

  it.each([
    ['an order twice', (ledger: Ledger) => ledger.accept(ORDER), 'order 1 is already in the ledger'],
    ['a fill of an unknown order', (ledger: Ledger) => ledger.fill({ ...FILL, orderId: 9 }), 'order 9 is not open'],
    [
      'more than was ordered',
      (ledger: Ledger) => ledger.fill({ ...FILL, quantity: '2.1' }),
      'order 1 would be filled beyond its quantity',
    ],
    ['the end of an unknown order', (ledger: Ledger) => ledger.close(9, 'expired', 1), 'order 9 is not open'],
  ])('does not take %s', (_name, act, message) => {
    const ledger = newLedger();
    ledger.accept(ORDER);
    expect(() => act(ledger)).toThrow(message);
  });

  it('conserves: what was paid and received is what the balances have moved by', () => {
    const lots = fc.integer({ min: 1, max: 1_000 });
    const fills = fc.array(fc.record({ lots, discount: fc.integer({ min: 0, max: 500 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(fills, fc.constantFrom('buy' as const, 'sell' as const), (steps, side) => {
        const ledger = new Ledger({ USDT: '1000', BTC: '3' }, 0);
        ledger.accept({ ...ORDER, side, quantity: '0.1', price: '100' });
        let [base, quote] = [new Big(0), new Big(0)];
        for (const [index, { lots: size, discount }] of steps.entries()) {
          const quantity = new Big(size).div(100_000);
          const price =
            side === 'buy'
              ? new Big(100).minus(new Big(discount).div(100))
              : new Big(100).plus(new Big(discount).div(100));
          ledger.fill({
            ...FILL,
            side,
            tradeId: index,
            price: price.toFixed(),
            quantity: quantity.toFixed(),
            fee: '0',
            feeAsset: side === 'buy' ? 'BTC' : 'USDT',
          });
          const sign = side === 'buy' ? 1 : -1;
          base = base.plus(quantity.times(sign));
          quote = quote.minus(quantity.times(price).times(sign));
        }
        if (ledger.order(1)?.status === 'open') ledger.close(1, 'expired', 2_000);
        expect(ledger.balances.free('BTC').eq(base.plus(3))).toBe(true);
        expect(ledger.balances.free('USDT').eq(quote.plus(1000))).toBe(true);
        expect(ledger.balances.all().every(({ locked }) => locked === '0')).toBe(true);
      }),
    );
  });
});

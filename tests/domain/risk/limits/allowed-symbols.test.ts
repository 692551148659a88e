import { describe, expect, it } from '@jest/globals';
import type { GateConfig } from '../../../../domain/risk/gate-input.ts';
import { allowedSymbols } from '../../../../domain/risk/limits/allowed-symbols.ts';
import { goodOrder } from '../good-order.ts';

const check = (list: GateConfig['allowedSymbols'], symbol: string) =>
  allowedSymbols.check({
    ...goodOrder,
    order: { ...goodOrder.order, symbol },
    config: { ...goodOrder.config, allowedSymbols: list },
  });

describe('allowed symbols', () => {
  it('allows what is on the list, and everything where all are allowed', () => {
    expect(check(['ETH/USDT', 'BTC/USDT'], 'BTC/USDT')).toEqual([]);
    expect(check('all', 'DOGE/USDT')).toEqual([]);
  });

  it.each([['btc/usdt'], ['BTC/USDT:USDT'], ['BTC/USD']])('refuses %s where BTC/USDT is allowed', (symbol) => {
    expect(check(['BTC/USDT'], symbol)).toMatchObject([
      { code: 'SYMBOL_NOT_ALLOWED', value: symbol, limit: 'BTC/USDT' },
    ]);
  });

  it('refuses everything where the list is empty', () => {
    expect(check([], 'BTC/USDT')).toMatchObject([{ code: 'SYMBOL_NOT_ALLOWED' }]);
  });
});

import { reduces } from '../reduces.ts';
import type { DenialShape, RiskLimit } from '../risk-limit.ts';

export interface SymbolDenial extends DenialShape {
  readonly code: 'SYMBOL_NOT_ALLOWED' | 'ALLOWED_SYMBOLS_UNSET';
}

/**
 * Refuses an order on a symbol that is not on the list of those that may be traded. An empty list allows none. What is held of a symbol that was taken
 * off the list may still be sold.
 */
export const allowedSymbols: RiskLimit<SymbolDenial> = {
  id: 'allowed-symbols',
  codes: ['SYMBOL_NOT_ALLOWED', 'ALLOWED_SYMBOLS_UNSET'],
  needs: ['config.allowedSymbols'],
  check(input) {
    if (reduces(input)) return [];
    const { order, config } = input;
    const allowed = config.allowedSymbols;
    if (allowed === null) {
      const message = 'No list of symbols that may be traded is set. Set allowedSymbols.';
      return [{ code: 'ALLOWED_SYMBOLS_UNSET', value: null, limit: null, message }];
    }
    if (allowed === 'all' || allowed.includes(order.symbol)) return [];
    const limit = allowed.join(',');
    const message =
      `${order.symbol} is not on the list of symbols that may be traded (${limit === '' ? 'it is empty' : limit}). ` +
      'Add it to allowedSymbols to trade it.';
    return [{ code: 'SYMBOL_NOT_ALLOWED', value: order.symbol, limit, message }];
  },
};

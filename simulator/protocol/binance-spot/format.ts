import Big from 'big.js';
import type { Decimal } from '../../../domain/market/decimal.ts';
import type { LedgerOrder } from '../../exchange/ledger.ts';

/** Every amount on the wire has eight decimals. */
const WIRE_DECIMALS = 8;

/** An amount as Binance writes it, e.g. `"0.00100000"`; cut, not rounded, where there are more decimals. */
export function amount(value: Decimal | Big): string {
  return new Big(value).round(WIRE_DECIMALS, Big.roundDown).toFixed(WIRE_DECIMALS);
}

/** The name of a symbol on the wire: `BTC/USDT` is `BTCUSDT`. */
export function wireSymbol(symbol: string): string {
  return symbol.replace('/', '');
}

/** The state of an order in Binance's words. */
export function wireStatus(order: Pick<LedgerOrder, 'status' | 'filled'>): string {
  switch (order.status) {
    case 'open':
      return new Big(order.filled).gt(0) ? 'PARTIALLY_FILLED' : 'NEW';
    case 'filled':
      return 'FILLED';
    case 'cancelled':
      return 'CANCELED';
    case 'expired':
      return 'EXPIRED';
  }
}

/** The kind of an order in Binance's words. */
export function wireType(order: Pick<LedgerOrder, 'type'>): string {
  return { limit: 'LIMIT', 'limit-maker': 'LIMIT_MAKER', market: 'MARKET', 'stop-limit': 'STOP_LOSS_LIMIT' }[
    order.type
  ];
}

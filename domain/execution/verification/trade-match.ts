import { decimal, toText } from '../../market/decimal.ts';
import type { Fill } from '../../orders/fill.ts';

/** What makes two records one trade: the same id under the same order, at the same price and quantity. */
export type TradeRecord = Pick<Fill, 'tradeId' | 'orderId' | 'price' | 'quantity'>;

export interface TradeMatch {
  /** Trades of the ledger that nothing stored stands for. */
  readonly lost: readonly TradeRecord[];
  /** Stored trades that have no ledger trade of their own. */
  readonly doubleCounted: readonly TradeRecord[];
}

/**
 * Pairs stored trades with ledger trades one to one. A stored trade that differs from the ledger's in price, quantity or order is
 * no record of it: then the ledger's is lost and the stored one has none of its own.
 */
export function matchTrades(ledger: readonly TradeRecord[], stored: readonly TradeRecord[]): TradeMatch {
  const unmatched = new Map<string, TradeRecord[]>();
  for (const trade of ledger) {
    const key = identityOf(trade);
    unmatched.set(key, [...(unmatched.get(key) ?? []), trade]);
  }
  const doubleCounted = stored.filter((trade) => unmatched.get(identityOf(trade))?.pop() === undefined);
  return { lost: [...unmatched.values()].flat(), doubleCounted };
}

function identityOf({ tradeId, orderId, price, quantity }: TradeRecord): string {
  return JSON.stringify([tradeId, orderId, toText(decimal(price)), toText(decimal(quantity))]);
}

import type { LedgerOrder } from '../../domain/execution/verification/duplicates.ts';
import type { VenueLedger } from '../terminal/verification.ts';

/** Every order of a ledger, by symbol and order id. */
export type LedgerMark = ReadonlySet<string>;

export function markOf({ orders }: VenueLedger): LedgerMark {
  return new Set(orders.map(keyOf));
}

/**
 * Orders that have come to a ledger since it was marked and belong to no execution: their client order ids are none that any execution's id
 * leads to. Where nobody else trades on the account they are ours all the same, under a wrong id.
 */
export function ordersOfNobody(
  { orders }: VenueLedger,
  before: LedgerMark,
  ownClientOrderIds: ReadonlySet<string>,
): readonly LedgerOrder[] {
  return orders.filter(
    (order) =>
      !before.has(keyOf(order)) && (order.clientOrderId === null || !ownClientOrderIds.has(order.clientOrderId)),
  );
}

function keyOf({ symbol, orderId }: LedgerOrder): string {
  return `${symbol} ${orderId}`;
}

import type { VenueOrder } from '../../orders/order.ts';
import type { ChildAttempt } from './own-orders.ts';

/** An order as the venue's own ledger has it. */
export type LedgerOrder = Pick<VenueOrder, 'orderId' | 'clientOrderId' | 'symbol' | 'side' | 'status' | 'filled'>;

/** An accepted order that should not be. */
export interface DuplicateOrder extends ChildAttempt {
  readonly orderId: string;
  readonly clientOrderId: string;
  /** It shares its client order id with an earlier order, or it is a further attempt of a child whose earlier one was good. */
  readonly kind: 'same-id' | 'further-attempt';
}

/** An accepted order of the execution with the child and attempt that its client order id stands for. */
export interface OwnOrder extends ChildAttempt {
  readonly order: LedgerOrder;
  readonly clientOrderId: string;
}

/**
 * The accepted orders beyond the one that each child may have: those sharing a client order id, plus any further attempt of a
 * child accepted beside an earlier accepted one, unless that one ended refused or expired. Orders are taken in ledger order.
 */
export function duplicateOrders(own: readonly OwnOrder[]): DuplicateOrder[] {
  const accepted = own.filter(({ order }) => order.status !== 'rejected');
  const first = new Map<string, OwnOrder>();
  const duplicates: DuplicateOrder[] = [];
  for (const each of accepted) {
    if (first.has(each.clientOrderId)) duplicates.push(duplicate(each, 'same-id'));
    else first.set(each.clientOrderId, each);
  }
  for (const each of first.values()) {
    const beside = accepted.some(
      ({ child, attempt, order }) => child === each.child && attempt < each.attempt && order.status !== 'expired',
    );
    if (beside) duplicates.push(duplicate(each, 'further-attempt'));
  }
  return duplicates;
}

function duplicate({ order, clientOrderId, child, attempt }: OwnOrder, kind: DuplicateOrder['kind']): DuplicateOrder {
  return { orderId: order.orderId, clientOrderId, child, attempt, kind };
}

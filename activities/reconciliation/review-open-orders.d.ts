import { type VenueOrder } from '../../domain/orders/order.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
/**
 * Looks at every order that is open on the account. One of ours that has ended for us is cancelled and accounted for; one of somebody else is
 * reported and never touched.
 *
 * @returns the symbols that somebody else has orders on, and what was found
 */
export declare function reviewOpenOrders(deps: ReconciliationDependencies): Promise<{
  readonly orphansCancelled: number;
  readonly foreign: readonly VenueOrder[];
}>;

import type { Intent } from '../../adapters/ports/order-ledger.ts';
import { type VenueOrder } from '../../domain/orders/order.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
/**
 * Takes an order of ours off the venue's book that has ended for us, and stores what it has traded as late fills.
 *
 * @returns how many trades were new
 */
export declare function takeOff(deps: ReconciliationDependencies, intent: Intent, seen: VenueOrder): Promise<number>;

import type { Intent } from '../../adapters/ports/order-ledger.ts';
import { isWorking, type VenueOrder } from '../../domain/orders/order.ts';
import { lookUpPause } from '../execution/backoff.ts';
import type { ReconciliationDependencies } from './dependencies.ts';

/** Looks after a cancel; what is still open then is the next run's. */
const ROUNDS = 5;

/**
 * Takes an order of ours off the venue's book that has ended for us, and stores what it has traded as late fills.
 *
 * @returns how many trades were new
 */
export async function takeOff(deps: ReconciliationDependencies, intent: Intent, seen: VenueOrder): Promise<number> {
  const { account, intake } = deps;
  const { symbol, clientOrderId } = intent;
  let order: VenueOrder = seen;
  for (let round = 0; isWorking(order) && round < ROUNDS; round += 1) {
    await account.cancel(symbol, clientOrderId);
    await deps.wait(lookUpPause(round));
    order = (await account.findByClientOrderId(symbol, clientOrderId)) ?? order;
  }
  if (isWorking(order)) deps.log('an order of ours cannot be cancelled', { clientOrderId, orderId: order.orderId });
  let late = 0;
  for (const fill of await account.fillsOfOrder(symbol, order.orderId)) {
    const outcome = await intake.acceptStreamFill(account.venueId, fill, clientOrderId, order.orderId);
    if (outcome === 'late') late += 1;
  }
  return late;
}

import type { Intent } from '../../adapters/ports/order-ledger.ts';
import { isUnsettled } from '../../domain/orders/lifecycle.ts';
import { isWorking, type VenueOrder } from '../../domain/orders/order.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
import { takeOff } from './take-off.ts';

/**
 * Looks at every order that is open on the account. One of ours that has ended for us is cancelled and accounted for; one of somebody else is
 * reported and never touched.
 *
 * @returns the symbols that somebody else has orders on, and what was found
 */
export async function reviewOpenOrders(
  deps: ReconciliationDependencies,
): Promise<{ readonly orphansCancelled: number; readonly stuck: number; readonly foreign: readonly VenueOrder[] }> {
  let orphansCancelled = 0;
  let stuck = 0;
  const foreign: VenueOrder[] = [];
  for (const order of await deps.account.openOrders(null)) {
    const intent = await intentOf(deps, order);
    if (intent === null) foreign.push(order);
    else if (!isUnsettled(intent.state)) {
      const outcome = await cancelOrphan(deps, intent);
      if (outcome === 'cancelled') orphansCancelled += 1;
      if (outcome === 'stuck') stuck += 1;
    }
  }
  await deps.reconciliations.saveForeignOrders(deps.account.venueId, foreign);
  return { orphansCancelled, stuck, foreign };
}

/** The list may be older than the end of an order that was in it, so the order itself is asked. */
async function cancelOrphan(deps: ReconciliationDependencies, intent: Intent): Promise<'cancelled' | 'stuck' | 'over'> {
  const order = await deps.account.findByClientOrderId(intent.symbol, intent.clientOrderId);
  if (order === null || !isWorking(order)) return 'over';
  deps.log('an order of ours rests at the venue after its end', { clientOrderId: intent.clientOrderId });
  await deps.reconciliations.noteOrphan(intent, order);
  const { done } = await takeOff(deps, intent, order);
  return done ? 'cancelled' : 'stuck';
}

async function intentOf(deps: ReconciliationDependencies, order: VenueOrder): Promise<Intent | null> {
  if (order.clientOrderId === null) return null;
  const intent = await deps.ledger.findIntentByClientOrderId(order.clientOrderId);
  return intent?.venue === deps.account.venueId ? intent : null;
}

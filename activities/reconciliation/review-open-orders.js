import { isUnsettled } from '../../domain/orders/lifecycle.js';
import { isWorking } from '../../domain/orders/order.js';
import { takeOff } from './take-off.js';
/**
 * Looks at every order that is open on the account. One of ours that has ended for us is cancelled and accounted for; one of somebody else is
 * reported and never touched.
 *
 * @returns the symbols that somebody else has orders on, and what was found
 */
export async function reviewOpenOrders(deps) {
  let orphansCancelled = 0;
  const foreign = [];
  for (const order of await deps.account.openOrders(null)) {
    const intent = await intentOf(deps, order);
    if (intent === null) foreign.push(order);
    else if (!isUnsettled(intent.state) && (await cancelOrphan(deps, intent))) orphansCancelled += 1;
  }
  await deps.reconciliations.saveForeignOrders(deps.account.venueId, foreign);
  return { orphansCancelled, foreign };
}
/** The list may be older than the end of an order that was in it, so the order itself is asked. */
async function cancelOrphan(deps, intent) {
  const order = await deps.account.findByClientOrderId(intent.symbol, intent.clientOrderId);
  if (order === null || !isWorking(order)) return false;
  deps.log('an order of ours rests at the venue after its end', { clientOrderId: intent.clientOrderId });
  await deps.reconciliations.noteOrphan(intent, order);
  await takeOff(deps, intent, order);
  return true;
}
async function intentOf(deps, order) {
  if (order.clientOrderId === null) return null;
  const intent = await deps.ledger.findIntentByClientOrderId(order.clientOrderId);
  return intent?.venue === deps.account.venueId ? intent : null;
}

import type { DurationMs } from '../../domain/market/decimal.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
import { takeOff } from './take-off.ts';

/** So many of the newest are asked about in one run: each costs a request. */
const MOST = 50;

/**
 * Asks again about orders that were closed as never placed: venues have forgotten an order for longer than any proof waits. One that shows up
 * is told as an alarm, taken off the book, and what it has traded is stored.
 */
export async function watchNotPlaced(
  deps: ReconciliationDependencies,
  withinMs: DurationMs,
): Promise<{ readonly reappeared: number; readonly lateFills: number }> {
  const { account, reconciliations } = deps;
  let reappeared = 0;
  let lateFills = 0;
  for (const intent of (await reconciliations.notPlacedIntents(account.venueId, withinMs)).slice(0, MOST)) {
    const order = await account.findByClientOrderId(intent.symbol, intent.clientOrderId);
    if (order === null || order.status === 'rejected') continue;
    if (await reconciliations.noteReappeared(intent, order)) {
      reappeared += 1;
      deps.log('an order that was closed as not placed exists', {
        orderId: order.orderId,
        status: order.status,
        filled: order.filled,
        clientOrderId: intent.clientOrderId,
      });
    }
    lateFills += (await takeOff(deps, intent, order)).late;
  }
  return { reappeared, lateFills };
}

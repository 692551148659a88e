import type { Intent } from '../../adapters/ports/order-ledger.ts';
import { VenueReadError } from '../../adapters/ports/venue.ts';
import { isWorking, type VenueOrder } from '../../domain/orders/order.ts';
import { lookUpPause } from '../execution/backoff.ts';
import type { ReconciliationDependencies } from './dependencies.ts';

/** Looks after a cancel; what is still open then is the next run's. */
const ROUNDS = 5;

/** What came of taking an order off the book. */
export interface TakenOff {
  /** Trades that were new. */
  readonly late: number;
  /** Whether it is off the book; otherwise the next run tries again. */
  readonly done: boolean;
}

/**
 * Takes an order of ours off the venue's book that has ended for us, and stores what it has traded as late fills. One that the venue will not cancel
 * is told and left to the next run: it must not keep an account closed.
 */
export async function takeOff(deps: ReconciliationDependencies, intent: Intent, seen: VenueOrder): Promise<TakenOff> {
  const { account, intake } = deps;
  const { symbol, clientOrderId } = intent;
  let order: VenueOrder = seen;
  for (let round = 0; isWorking(order) && round < ROUNDS; round += 1) {
    await cancelled(deps, intent);
    await deps.wait(lookUpPause(round));
    order = (await account.findByClientOrderId(symbol, clientOrderId)) ?? order;
  }
  const done = !isWorking(order);
  if (!done) deps.log('an order of ours cannot be cancelled', { clientOrderId, orderId: order.orderId });
  let late = 0;
  for (const fill of await account.fillsOfOrder(symbol, order.orderId)) {
    const outcome = await intake.acceptStreamFill(account.venueId, fill, clientOrderId, order.orderId);
    if (outcome === 'late') late += 1;
  }
  return { late, done };
}

async function cancelled(deps: ReconciliationDependencies, { symbol, clientOrderId }: Intent): Promise<void> {
  try {
    await deps.account.cancel(symbol, clientOrderId);
  } catch (error) {
    if (!(error instanceof VenueReadError)) throw error;
    deps.log('the venue does not cancel an order of ours', { clientOrderId, reason: error.message });
  }
}

import type { Intent } from '../../adapters/ports/order-ledger.ts';
import type { ReconciliationCause } from '../../adapters/ports/reconciliation-store.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { waits } from '../../domain/orders/order.ts';
import { finish } from '../execution/execute-child.ts';
import type { ReconciliationDependencies } from './dependencies.ts';

/** Beyond the time that a conclusive answer takes: room for a venue that answers slowly. */
const PATIENCE_MS = 15_000;
/** Long enough to see an order that shows, and its trades. */
const GLANCE_MS: DurationMs = 2_000;
/** An order is overdue so long after the time by which whoever works it should have brought it to its end. */
const OVERDUE_MS: DurationMs = 60_000;

/**
 * Brings orders that are neither ended nor surely worked by anybody to their end, by look-ups and cancels alone. Doing so beside the execution
 * that works the order is safe: both find the same, and an order ends once.
 */
export async function settleOverdue(
  deps: ReconciliationDependencies,
  cause: ReconciliationCause,
): Promise<{ readonly settled: number; readonly unsettled: number }> {
  const intents: Intent[] = [];
  for (const intent of await deps.ledger.unsettledIntents(deps.account.venueId))
    if (await isToSettle(deps, intent, cause)) intents.push(intent);
  const settled = await Promise.all(intents.map((intent) => settledInTime(withPatience(deps, intent), intent)));
  const done = settled.filter(Boolean).length;
  return { settled: done, unsettled: intents.length - done };
}

/** How long a conclusive answer takes at the account's venue. */
function conclusiveAfterMs({ account }: ReconciliationDependencies): DurationMs {
  const { recvWindowMs, apiTimeoutMs, marginMs } = account.consistency;
  return recvWindowMs + apiTimeoutMs + marginMs;
}

/**
 * At a start nobody works anything, so all is settled, but for what may wait at the venue: that is left to its execution, whose next attempt
 * takes it off in time, or the account would stay closed for as long as it rests. The janitor takes what its execution should have ended long
 * ago. Both take what nobody wants to rest any more, above all the orders of an execution that has ended: nobody else will.
 */
async function isToSettle(
  deps: ReconciliationDependencies,
  intent: Intent,
  cause: ReconciliationCause,
): Promise<boolean> {
  const mayRest = waits(intent) && deps.clock.now() <= intent.notAfter;
  const isDue = cause === 'start' ? !mayRest : isOverdue(deps, intent);
  return isDue || (await deps.store.wantedBack([intent])).has(intent.clientOrderId);
}

function isOverdue(deps: ReconciliationDependencies, intent: Intent): boolean {
  return deps.clock.now() > intent.notAfter + conclusiveAfterMs(deps) + OVERDUE_MS;
}

class OutOfPatience extends Error {}

/** The same dependencies with a bound on all waiting: one order that its venue has forgotten must not keep an account closed. */
function withPatience(deps: ReconciliationDependencies, intent: Intent): ReconciliationDependencies {
  const deadline = deps.clock.now() + patienceMs(deps, intent);
  const within = (wait: (ms: DurationMs) => Promise<void>) => (ms: DurationMs) =>
    deps.clock.now() + ms > deadline ? Promise.reject(new OutOfPatience()) : wait(ms);
  return { ...deps, wait: within((ms) => deps.wait(ms)), rest: within((ms) => deps.rest(ms)) };
}

/** Where a venue's orders carry no deadline, further looks prove nothing: an old order that does not show is looked at, and left to the next run. */
function patienceMs(deps: ReconciliationDependencies, { sentAt }: Intent): DurationMs {
  const patience = conclusiveAfterMs(deps) + PATIENCE_MS;
  if (deps.account.hasOrderDeadline) return patience;
  return Math.min(patience, Math.max(GLANCE_MS, sentAt + patience - deps.clock.now()));
}

async function settledInTime(deps: ReconciliationDependencies, intent: Intent): Promise<boolean> {
  try {
    await finish(deps, intent);
    return true;
  } catch (error) {
    if (!(error instanceof OutOfPatience)) throw error;
    deps.log('an order could not be settled', { clientOrderId: intent.clientOrderId });
    return false;
  }
}

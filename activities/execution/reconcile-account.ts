import type { Intent } from '../../adapters/ports/order-ledger.ts';
import type { VenueOrder } from '../../domain/orders/order.ts';
import type { AccountDependencies } from './dependencies.ts';
import { finish } from './execute-child.ts';

/** What a start-up reconciliation found. */
export interface Reconciliation {
  /** Intents that an earlier process left unsettled, now at their end. */
  readonly settled: number;
  /** Intents that the venue gave no conclusive answer about in time: their executions go on asking. */
  readonly unsettled: number;
  /** Trades of our orders that had not been stored. */
  readonly lateFills: number;
  /** Working orders at the venue that are none of ours: reported, never touched. */
  readonly foreignOrders: number;
}

/** How far back trades are compared: longer than any venue's look-ups lag behind. */
const LOOK_BACK_MS = 60 * 60 * 1000;
/** Beyond the time that a conclusive answer takes: room for a venue that answers slowly. */
const PATIENCE_MS = 15_000;

/**
 * Brings our records of one account in line with the venue after a start: unsettled intents are looked up to their end, and
 * every trade of the last hour that belongs to an order of ours is stored. Sends nothing and cancels nothing foreign.
 */
export async function reconcileAccount(deps: AccountDependencies, symbols: readonly string[]): Promise<Reconciliation> {
  const intents = await deps.ledger.unsettledIntents(deps.account.venueId);
  const patient = withPatience(deps);
  const settled = await Promise.all(intents.map((intent) => settledInTime(patient, intent)));

  const since = deps.account.venueNow() - LOOK_BACK_MS;
  let lateFills = 0;
  let foreignOrders = 0;
  for (const symbol of symbols) {
    lateFills += await storeMissingFills(deps, symbol, since);
    foreignOrders += await reportForeignOrders(deps, symbol);
  }
  const done = settled.filter(Boolean).length;
  return { settled: done, unsettled: intents.length - done, lateFills, foreignOrders };
}

class OutOfPatience extends Error {}

/** The same dependencies with a bound on all waiting: one order that its venue has forgotten must not keep an account closed. */
function withPatience(deps: AccountDependencies): AccountDependencies {
  const { recvWindowMs, apiTimeoutMs, marginMs } = deps.account.consistency;
  const deadline = deps.clock.now() + recvWindowMs + apiTimeoutMs + marginMs + PATIENCE_MS;
  return {
    ...deps,
    wait: (ms) => (deps.clock.now() + ms > deadline ? Promise.reject(new OutOfPatience()) : deps.wait(ms)),
  };
}

async function settledInTime(deps: AccountDependencies, intent: Intent): Promise<boolean> {
  try {
    await finish(deps, intent);
    return true;
  } catch (error) {
    if (!(error instanceof OutOfPatience)) throw error;
    deps.log('an order could not be settled at the start', { clientOrderId: intent.clientOrderId });
    return false;
  }
}

async function storeMissingFills(deps: AccountDependencies, symbol: string, since: number): Promise<number> {
  const fills = await deps.account.fillsSince(symbol, since);
  if (fills.length === 0) return 0;
  let stored = 0;
  for (const order of await deps.account.ordersSince(symbol, since)) {
    const intent = await ownIntent(deps, order);
    if (intent === null) continue;
    stored += await deps.ledger.addLateFills(
      intent,
      fills.filter((fill) => fill.orderId === order.orderId),
    );
  }
  return stored;
}

async function reportForeignOrders(deps: AccountDependencies, symbol: string): Promise<number> {
  let foreign = 0;
  for (const order of await deps.account.openOrders(symbol)) {
    if ((await ownIntent(deps, order)) !== null) continue;
    foreign += 1;
    deps.log('an open order is none of ours', { symbol, orderId: order.orderId, clientOrderId: order.clientOrderId });
  }
  return foreign;
}

async function ownIntent(deps: AccountDependencies, { clientOrderId }: VenueOrder): Promise<Intent | null> {
  return clientOrderId === null ? null : deps.ledger.findIntentByClientOrderId(clientOrderId);
}

import type { Intent } from '../../adapters/ports/order-ledger.ts';
import { VenueReadError } from '../../adapters/ports/venue.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { countsFrom, isConclusive, noEvidence, withNegative } from '../../domain/orders/conclusive-negative.ts';
import { isUnsettled } from '../../domain/orders/lifecycle.ts';
import type { VenueOrder } from '../../domain/orders/order.ts';
import { lookUpPause } from './backoff.ts';
import type { AccountDependencies } from './dependencies.ts';

/** What one round of look-ups says. `unclear` proves nothing in either direction. */
type Finding =
  | { readonly kind: 'found'; readonly order: VenueOrder }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unclear'; readonly reason: string };

/** Orders may carry times a little before the timestamp they were signed with: clocks are measured, not equal. */
const CLOCK_SLACK_MS = 1_000;
/** How far two measurements of the same clock may differ on a busy machine. */
const CLOCK_TOLERANCE_MS = 500;

/**
 * Step 5 of the order protocol: looks an order up until the answer is conclusive. Sends nothing.
 *
 * @returns the order, or `null` when it surely never reached the book; also when somebody has settled it by hand at a venue where no look-up can.
 */
export async function resolveIntent(deps: AccountDependencies, intent: Intent): Promise<VenueOrder | null> {
  let evidence = noEvidence;
  for (let round = 0; ; round += 1) {
    // An answer is as old as its question: a slow one must not count as a look that was made when it came.
    const asked = deps.account.venueNow();
    const finding = await lookUp(deps, intent, asked);
    switch (finding.kind) {
      case 'found':
        return finding.order;
      case 'absent':
        evidence = withNegative(evidence, asked);
        if (!deps.account.hasOrderDeadline && (await isSettled(deps, intent))) return null;
        if (!deps.account.hasOrderDeadline || !isConclusive(evidence, intent.signedAt, deps.account.consistency)) break;
        if (await clockHasHeld(deps)) return null;
        evidence = noEvidence;
        break;
      case 'unclear':
        evidence = noEvidence;
        deps.log('order look-up proves nothing', { clientOrderId: intent.clientOrderId, reason: finding.reason });
        break;
      default:
        finding satisfies never;
    }
    await deps.wait(lookUpPause(round));
  }
}

async function isSettled(deps: AccountDependencies, intent: Intent): Promise<boolean> {
  const now = await deps.ledger.findIntent(intent);
  return now !== null && !isUnsettled(now.state);
}

/** Evidence is dated by our clock, so it counts only if that clock has kept its distance from the venue's. */
async function clockHasHeld(deps: AccountDependencies): Promise<boolean> {
  const before = deps.account.health().clockOffsetMs;
  try {
    const now = await deps.account.measureClock();
    if (before !== null && Math.abs(now - before) <= CLOCK_TOLERANCE_MS) return true;
    deps.log('our clock has moved against the venue clock: looking again', { before, now });
  } catch (error) {
    if (!(error instanceof VenueReadError)) throw error;
    deps.log('the venue clock cannot be measured: looking again', { reason: error.message });
  }
  return false;
}

async function lookUp(deps: AccountDependencies, intent: Intent, asked: EpochMs): Promise<Finding> {
  try {
    const order = await deps.account.findByClientOrderId(intent.symbol, intent.clientOrderId);
    if (order !== null) return { kind: 'found', order };
    // Until the receive window has passed a negative proves nothing, so the dearer look-ups wait.
    if (asked < countsFrom(intent.signedAt, deps.account.consistency)) {
      return { kind: 'unclear', reason: 'the order may still be on its way' };
    }
    return await lookUpEverywhere(deps, intent);
  } catch (error) {
    if (error instanceof VenueReadError) return { kind: 'unclear', reason: error.message };
    throw error;
  }
}

async function lookUpEverywhere({ account }: AccountDependencies, intent: Intent): Promise<Finding> {
  const since = intent.signedAt - CLOCK_SLACK_MS;
  const ours = (order: VenueOrder): boolean => order.clientOrderId === intent.clientOrderId;
  const open = await account.openOrders(intent.symbol);
  const history = await account.ordersSince(intent.symbol, since);
  const order = open.find(ours) ?? history.find(ours);
  if (order !== undefined) return { kind: 'found', order };
  const listed = new Set([...open, ...history].map((each) => each.orderId));
  return explainTrades(account, intent, since, listed);
}

/**
 * A trade whose order was not listed may be this order's, since lists lag; or it is of an older order, such as one that a
 * person placed by hand. The order itself says which.
 */
async function explainTrades(
  account: AccountDependencies['account'],
  intent: Intent,
  since: EpochMs,
  listed: ReadonlySet<string>,
): Promise<Finding> {
  const fills = await account.fillsSince(intent.symbol, since);
  const asked = fills.filter((fill) => fill.side === intent.side && !listed.has(fill.orderId));
  for (const orderId of new Set(asked.map((fill) => fill.orderId))) {
    const order = await account.findByOrderId(intent.symbol, orderId);
    if (order === null) return { kind: 'unclear', reason: `there are trades of order ${orderId}, which is not shown` };
    if (order.clientOrderId === intent.clientOrderId) return { kind: 'found', order };
  }
  return { kind: 'absent' };
}

import type { ChildKey, Intent, IntentEnd } from '../../adapters/ports/order-ledger.ts';
import { VenueReadError } from '../../adapters/ports/venue.ts';
import { compare, type Decimal, type DurationMs, type EpochMs, sumOf } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import { endStateOf } from '../../domain/orders/lifecycle.ts';
import { isWorking, type VenueOrder, waits } from '../../domain/orders/order.ts';
import { lookUpPause } from './backoff.ts';
import type { AccountDependencies } from './dependencies.ts';
import { beginRest, restingLookUpMs } from './resting-orders.ts';

/** How long an order that waits may go on after somebody has asked for it back. */
const LONGEST_REST_MS: DurationMs = 2_000;

/**
 * Step 6 of the order protocol: awaits the end of an order that the venue holds, and stores it with all its fills.
 *
 * @param told trades that came with `seen`: when it has ended and they add up to what it filled, there is nothing left to ask for
 */
export async function settleOrder(
  deps: AccountDependencies,
  intent: Intent,
  seen: VenueOrder,
  told: readonly Fill[] = [],
): Promise<void> {
  if (!isWorking(seen) && compare(seen.filled, '0') > 0 && compare(quantityOf(told), seen.filled) === 0) {
    await deps.ledger.endIntent(intent, endOf(seen, told));
    return;
  }
  await deps.ledger.markWorking(intent, seen.orderId);
  const order = await awaitEnd(deps, intent, seen);
  await deps.ledger.endIntent(intent, await awaitFills(deps, intent, order));
}

/** Closes for ever an intent that never became an order. */
export async function closeUnplaced(
  deps: AccountDependencies,
  key: ChildKey,
  state: 'refused' | 'not-placed',
  problem: NonNullable<IntentEnd['problem']>,
  retryable = true,
): Promise<void> {
  await deps.ledger.endIntent(key, { state, venueOrderId: null, fills: [], problem, retryable });
}

async function awaitEnd(deps: AccountDependencies, intent: Intent, seen: VenueOrder): Promise<VenueOrder> {
  if (!waits(intent) || !isWorking(seen)) return untilEnded(deps, intent, seen);
  const endRest = beginRest(deps.account);
  try {
    return await untilEnded(deps, intent, seen);
  } finally {
    endRest();
  }
}

async function untilEnded(deps: AccountDependencies, intent: Intent, seen: VenueOrder): Promise<VenueOrder> {
  let order = seen;
  let lookedAt = deps.clock.now();
  for (let round = 0; isWorking(order); round += 1) {
    const over = await isOver(deps, intent);
    if (over) {
      await attempted(deps, () => deps.account.cancel(intent.symbol, intent.clientOrderId));
      // A venue that has answered a cancel has most often carried it out.
      order = await seenAgain(deps, intent, order);
      if (!isWorking(order)) return order;
    }
    if (over || !waits(intent)) await deps.wait(lookUpPause(round));
    else {
      await deps.rest(restingPause(deps, intent, round));
      if (!(await isTimeToLook(deps, intent, order, lookedAt))) continue;
    }
    lookedAt = deps.clock.now();
    order = await seenAgain(deps, intent, order);
    if (waits(intent) && isWorking(order)) await storeTraded(deps, intent, order);
  }
  return order;
}

/**
 * Stores what an order has traded that still waits, unless a stream has done so: until then other orders of ours, which a share of the
 * market's volume bounds, would take it for volume of others.
 */
async function storeTraded(deps: AccountDependencies, intent: Intent, order: VenueOrder): Promise<void> {
  if (compare(order.filled, '0') === 0 || compare(order.filled, await storedFills(deps, intent)) <= 0) return;
  const fills = await attempted(deps, () => deps.account.fillsOfOrder(intent.symbol, order.orderId));
  if (fills !== null) await deps.ledger.addLateFills(intent, fills);
}

/** Whether an order shall trade no longer: its time has passed, or it waits and is wanted back. */
async function isOver(deps: AccountDependencies, intent: Intent): Promise<boolean> {
  if (deps.clock.now() > intent.notAfter) return true;
  return waits(intent) && (await deps.store.isWantedBack(intent));
}

/** An order that waits is not left there beyond its time because of a long pause between look-ups. */
function restingPause(deps: AccountDependencies, intent: Intent, round: number): DurationMs {
  return Math.min(lookUpPause(round), LONGEST_REST_MS, Math.max(1, intent.notAfter - deps.clock.now() + 1));
}

/** An order that waits is looked up in its turn, and at once when a stream has shown a trade of it. */
async function isTimeToLook(
  deps: AccountDependencies,
  intent: Intent,
  order: VenueOrder,
  lookedAt: EpochMs,
): Promise<boolean> {
  if (deps.clock.now() - lookedAt >= restingLookUpMs(deps.account, intent.mode)) return true;
  return compare(await storedFills(deps, intent), order.filled) > 0;
}

/** The fills of an ended order: asked for until they add up to what the order says. */
async function awaitFills(deps: AccountDependencies, intent: Intent, ended: VenueOrder): Promise<IntentEnd> {
  let order = ended;
  for (let round = 0; ; round += 1) {
    // A stream may have shown a trade that the answer about the order does not know of yet: that answer was the older word.
    if (compare(await storedFills(deps, intent), order.filled) > 0) {
      await deps.wait(lookUpPause(round));
      order = await laterWord(deps, intent, order);
      continue;
    }
    if (compare(order.filled, '0') === 0) return endOf(order, []);
    const fills = await attempted(deps, () => deps.account.fillsOfOrder(intent.symbol, order.orderId));
    const sum = quantityOf(fills ?? []);
    const difference = compare(sum, order.filled);
    if (fills !== null && difference === 0) return endOf(order, fills);
    await deps.wait(lookUpPause(round));
    if (difference > 0) {
      deps.log('the fills of an order exceed what the order says it filled', {
        clientOrderId: intent.clientOrderId,
        order: order.filled,
        fills: sum,
      });
      // What the order said was older than its trades.
      order = await laterWord(deps, intent, order);
    }
  }
}

function quantityOf(fills: readonly Fill[]): Decimal {
  return sumOf(fills.map(({ quantity }) => quantity));
}

/** What our ledger knows to have traded of an order. */
async function storedFills(deps: AccountDependencies, intent: Intent): Promise<Decimal> {
  return (await deps.ledger.findIntent(intent))?.filled ?? '0';
}

/** The order as it is shown now, unless that answer is older still. */
async function laterWord(deps: AccountDependencies, intent: Intent, order: VenueOrder): Promise<VenueOrder> {
  const seen = await seenAgain(deps, intent, order);
  return compare(seen.filled, order.filled) > 0 ? seen : order;
}

/** An order that was seen once exists, whatever a later look-up says: no answer only means "ask again". */
async function seenAgain(deps: AccountDependencies, intent: Intent, order: VenueOrder): Promise<VenueOrder> {
  const seen = await attempted(deps, () => deps.account.findByClientOrderId(intent.symbol, intent.clientOrderId));
  return seen ?? order;
}

async function attempted<T>(deps: AccountDependencies, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof VenueReadError)) throw error;
    deps.log('the venue gave no usable answer', { reason: error.message });
    return null;
  }
}

function endOf(order: VenueOrder, fills: readonly Fill[]): IntentEnd {
  return { state: endStateOf(order), venueOrderId: order.orderId, fills, problem: null };
}

import type { ChildKey, Intent, IntentEnd } from '../../adapters/ports/order-ledger.ts';
import { VenueReadError } from '../../adapters/ports/venue.ts';
import { compare, type Decimal, type DurationMs, sumOf } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import { endStateOf } from '../../domain/orders/lifecycle.ts';
import { isWorking, type VenueOrder, waits } from '../../domain/orders/order.ts';
import { lookUpPause } from './backoff.ts';
import type { AccountDependencies } from './dependencies.ts';
import { beginRest, restingLookUpMs, type RestingOrder } from './resting-orders.ts';

/** Pause of an order that waits before it is seen whether it is wanted back, or has traded. */
const REST_MS: DurationMs = 200;

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
  const resting = beginRest(deps.account, intent);
  try {
    return await untilTakenBack(deps, intent, seen, resting);
  } finally {
    resting.end();
  }
}

/** Awaits the end of an order; one whose time is over is cancelled for as long as it still works. */
async function untilEnded(deps: AccountDependencies, intent: Intent, seen: VenueOrder): Promise<VenueOrder> {
  let order = seen;
  for (let round = 0; isWorking(order); round += 1) {
    if (isOver(deps, intent)) {
      order = await cancelled(deps, intent, order);
      if (!isWorking(order)) return order;
    }
    await deps.wait(lookUpPause(round));
    order = await seenAgain(deps, intent, order);
  }
  return order;
}

/** Lets an order wait until it ends, its time is over or it is wanted back; then it is cancelled until it has ended. */
async function untilTakenBack(
  deps: AccountDependencies,
  intent: Intent,
  seen: VenueOrder,
  resting: RestingOrder,
): Promise<VenueOrder> {
  const order = await whileWanted(deps, intent, seen, resting);
  let last = order;
  for (let round = 0; isWorking(last); round += 1) {
    last = await cancelled(deps, intent, last);
    if (isWorking(last)) await deps.wait(lookUpPause(round));
  }
  return last;
}

/** An order that waits is looked up in its turn, and at once when a stream has shown a trade of it. */
async function whileWanted(
  deps: AccountDependencies,
  intent: Intent,
  seen: VenueOrder,
  resting: RestingOrder,
): Promise<VenueOrder> {
  let order = seen;
  let lookedAt = deps.clock.now();
  /** Looks in a row that have shown less than what is stored: the venue's word is older than its stream's. */
  let stale = 0;
  for (let looks = 0; isWorking(order);) {
    const { wantedBack, filled } = await resting.news(deps);
    if (wantedBack || isOver(deps, intent)) return order;
    const hasTraded = compare(filled, order.filled) > 0;
    if (hasTraded || deps.clock.now() - lookedAt >= restingLookUpMs(deps.account, intent.mode, looks)) {
      lookedAt = deps.clock.now();
      looks += 1;
      order = await seenAgain(deps, intent, order);
      if (!isWorking(order)) return order;
      await storeTraded(deps, intent, order);
      stale = compare(filled, order.filled) > 0 ? stale + 1 : 0;
    }
    const pause = stale > 0 ? lookUpPause(stale - 1) : REST_MS;
    // It is not left there beyond its time because of a pause.
    await deps.rest(Math.min(pause, Math.max(1, intent.notAfter - deps.clock.now() + 1)));
  }
  return order;
}

/** The order as it is after a cancel: a venue that has answered one has most often carried it out. */
async function cancelled(deps: AccountDependencies, intent: Intent, order: VenueOrder): Promise<VenueOrder> {
  await attempted(deps, () => deps.account.cancel(intent.symbol, intent.clientOrderId));
  return seenAgain(deps, intent, order);
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

/** Whether the time of an order has passed. */
function isOver(deps: AccountDependencies, intent: Intent): boolean {
  return deps.clock.now() > intent.notAfter;
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

import type { VenueAccount } from '../../adapters/ports/venue.ts';
import type { OrderMode } from '../../domain/orders/order.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';

/** An order that may wait for months is asked about so often while no stream tells anything of it. */
const AT_ITS_PRICE_MS: DurationMs = 30_000;

/**
 * All orders of an account that wait share five look-ups a second: on Binance 20 of 100 weight, so that the orders that take have the
 * rest.
 */
const SHARE_MS: DurationMs = 200;

const counts = new WeakMap<VenueAccount, number>();

/** Counts one more order of the account that waits, until the returned function is called, once. */
export function beginRest(account: VenueAccount): () => void {
  counts.set(account, restingOrders(account) + 1);
  return () => void counts.set(account, restingOrders(account) - 1);
}

/**
 * How often the venue is asked about an order of the account that waits, while nothing tells that it has traded: one at the touch in its turn, since it
 * soon has to cross; one at a price of its own seldom.
 */
export function restingLookUpMs(account: VenueAccount, mode: OrderMode): DurationMs {
  const turn = SHARE_MS * restingOrders(account);
  return mode === 'post-only' ? turn : Math.max(AT_ITS_PRICE_MS, turn);
}

function restingOrders(account: VenueAccount): number {
  return counts.get(account) ?? 0;
}

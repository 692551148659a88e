import type { VenueAccount } from '../../adapters/ports/venue.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';

/**
 * All orders of an account that wait at the touch share five look-ups a second: on Binance 20 of 100 weight, so that the orders that take have the
 * rest.
 */
const SHARE_MS: DurationMs = 200;

const counts = new WeakMap<VenueAccount, number>();

/** Counts one more order of the account that waits at the touch, until the returned function is called, once. */
export function beginRest(account: VenueAccount): () => void {
  counts.set(account, restingOrders(account) + 1);
  return () => void counts.set(account, restingOrders(account) - 1);
}

/** How often the venue is asked about each order of the account that waits, while nothing tells that it has traded. */
export function restingLookUpMs(account: VenueAccount): DurationMs {
  return SHARE_MS * restingOrders(account);
}

function restingOrders(account: VenueAccount): number {
  return counts.get(account) ?? 0;
}

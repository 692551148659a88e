import Big from 'big.js';
import type { OrderPlan, PlacedOrder, WantedOrder } from '../order.ts';
import type { Holdings } from './holdings.ts';

/**
 * What has to be done so that the venue has what is wanted. Whatever is there and no longer wanted, or on other terms, is cancelled; an order
 * starts once nothing of its number is under way any more, and a sell only when what is held covers it beside all sells that may still trade.
 * Whatever has to wait starts after a later look. One version is started once, for ever.
 *
 * @param wanted of `SessionBooks.wanted()`.
 * @param placed all orders ever placed, or at least those that have not ended and those of numbers that are wanted.
 * @param held of the same books as `wanted`.
 */
export function planOrders(wanted: readonly WantedOrder[], placed: readonly PlacedOrder[], held: Holdings): OrderPlan {
  const atVenue = wanted.filter((order) => order.held === 'venue');
  const active = placed.filter(({ state }) => state !== 'ended');
  const isSame = (a: WantedOrder, b: PlacedOrder): boolean => a.order === b.order && a.version === b.version;
  const going = active.filter((order) => !atVenue.some((wish) => isSame(wish, order)));
  const missing = atVenue.filter((wish) => !placed.some((order) => isSame(wish, order)));

  const free = freeUnits(active, held);
  const start: WantedOrder[] = [];
  for (const wish of missing.sort(byUrgency)) {
    if (active.some(({ order }) => order === wish.order)) continue;
    if (wish.side === 'sell') {
      const left = (free.get(wish.symbol) ?? new Big(0)).minus(wish.quantity);
      if (left.lt(0)) continue;
      free.set(wish.symbol, left);
    }
    start.push(wish);
  }
  const cancel = going.filter(({ cancelRequested }) => !cancelRequested).map(({ executionId }) => executionId);
  const isSettled =
    going.length === 0 &&
    atVenue.every((wish) => active.some((order) => isSame(wish, order))) &&
    active.every(({ state, cancelRequested }) => state === 'working' && !cancelRequested);
  return { start, cancel, settled: isSettled };
}

/** Units of each symbol that no order may still sell. */
function freeUnits(active: readonly PlacedOrder[], { units, filled }: Holdings): Map<string, Big> {
  const free = new Map(Object.entries(units).map(([symbol, quantity]) => [symbol, new Big(quantity)]));
  for (const { symbol, side, order, version, quantity } of active) {
    if (side !== 'sell') continue;
    const traded = filled.find((each) => each.order === order && each.version === version)?.quantity ?? '0';
    free.set(symbol, (free.get(symbol) ?? new Big(0)).minus(quantity).plus(traded));
  }
  return free;
}

/** Sells at market first, then stops, then other sells, then buys. */
function byUrgency(a: WantedOrder, b: WantedOrder): number {
  return urgency(a) - urgency(b) || a.order - b.order;
}

function urgency({ side, kind }: WantedOrder): number {
  if (side === 'buy') return 3;
  return kind === 'marketable' ? 0 : kind === 'stop' ? 1 : 2;
}

import Big from 'big.js';
import type { Decimal } from '../market/decimal.ts';
import type { SessionEvent } from './journal.ts';
import type { WantedOrder, WatchedOrder } from './order.ts';

/** Highest and lowest price of a stretch of time; both the same where only one price is known. */
export interface PriceSpan {
  readonly high: number | Decimal;
  readonly low: number | Decimal;
}

/**
 * The watched orders whose price the market has reached: a limit at or through its price, a stop at or through its trigger.
 *
 * @param spanOf what the market of an order has seen while that was watched; `null` where nothing is known
 */
export function reachedBy(
  watched: readonly WatchedOrder[],
  spanOf: (order: WatchedOrder) => PriceSpan | null,
): readonly SessionEvent[] {
  return watched.flatMap((order) => {
    const level = levelOf(order);
    const span = spanOf(order);
    if (level === null || span === null) return [];
    const hasReached = level.isAbove ? new Big(span.high).gte(level.price) : new Big(span.low).lte(level.price);
    return hasReached ? [{ kind: 'reached' as const, order: order.order, price: level.price }] : [];
  });
}

/**
 * The price that an order waits for, and whether it is reached from below; `null` for one that waits for none. Of a stop that is at the venue it is the
 * worst price: a market that has jumped beyond it leaves the stop lying there, unfilled.
 */
export function levelOf({ kind, side, held, limit, stop }: WantedOrder): { price: Decimal; isAbove: boolean } | null {
  const price = kind === 'stop' ? (held === 'venue' ? limit : stop) : kind === 'limit' ? limit : null;
  // A sell limit and a buy stop lie above the market.
  return price === null ? null : { price, isAbove: (kind === 'limit') === (side === 'sell') };
}

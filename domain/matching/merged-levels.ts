import { type BookHalf, isBetter, type UnitLevel } from './book-side.ts';
import type { QueuedOrder, RestingOrders } from './resting-orders.ts';

/** One price of the public book: what the outside shows there and our own orders, oldest first. */
export interface MergedLevel {
  readonly price: number;
  readonly outside: bigint;
  readonly orders: readonly QueuedOrder[];
}

/** Outside levels and our own orders of one half together, best first. */
export function* mergedLevels(
  half: BookHalf,
  outside: Iterable<UnitLevel>,
  own: RestingOrders,
): Generator<MergedLevel> {
  const prices = [...new Set([...own].map((order) => order.price))];
  let next = 0;
  for (const level of outside) {
    for (let price = prices[next]; price !== undefined && isBetter(half, price, level.price); price = prices[next]) {
      yield { price, outside: 0n, orders: own.at(price) };
      next += 1;
    }
    const shared = prices[next] === level.price;
    if (shared) next += 1;
    yield { price: level.price, outside: level.quantity, orders: shared ? own.at(level.price) : [] };
  }
  for (; next < prices.length; next += 1) {
    const price = prices[next] as number;
    yield { price, outside: 0n, orders: own.at(price) };
  }
}

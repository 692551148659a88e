import type { Side } from '../orders/order.ts';
import { type BookHalf, type BookSide, isBetter } from './book-side.ts';

/** One of our orders in the book, in the units of the market's scales. */
export interface QueuedOrder {
  readonly orderId: number;
  readonly side: Side;
  readonly price: number;
  remaining: bigint;
  /** Outside quantity at its price that still trades before it. */
  ahead: bigint;
}

/** One trade out of a queue: against the outside (`order` null) or against one of our resting orders. */
export interface QueueMatch {
  readonly price: number;
  readonly quantity: bigint;
  readonly order: QueuedOrder | null;
}

/** Our resting orders of one half in price-time order. */
export class RestingOrders {
  readonly half: BookHalf;
  readonly #orders: QueuedOrder[] = [];

  constructor(half: BookHalf) {
    this.half = half;
  }

  get size(): number {
    return this.#orders.length;
  }

  get best(): QueuedOrder | null {
    return this.#orders[0] ?? null;
  }

  [Symbol.iterator](): IterableIterator<QueuedOrder> {
    return this.#orders[Symbol.iterator]();
  }

  /** Puts the order behind all that stand at its price or better. */
  add(order: QueuedOrder): void {
    const index = this.#orders.findIndex((other) => isBetter(this.half, order.price, other.price));
    this.#orders.splice(index === -1 ? this.#orders.length : index, 0, order);
  }

  /** Takes the order out, or returns `null` when it does not rest here. */
  remove(orderId: number): QueuedOrder | null {
    const index = this.#orders.findIndex((order) => order.orderId === orderId);
    return index === -1 ? null : (this.#orders.splice(index, 1)[0] ?? null);
  }

  /** The orders at exactly that price, oldest first. */
  at(price: number): readonly QueuedOrder[] {
    return this.#orders.filter((order) => order.price === price);
  }

  /** Lowers an order's open quantity after a trade and takes it out once nothing is left. */
  reduce(order: QueuedOrder, quantity: bigint): void {
    order.remaining -= quantity;
    if (order.remaining === 0n) this.remove(order.orderId);
  }

  /** Outside quantity at that price was taken from the front of the queue: everybody behind it moves up. */
  moveUp(price: number, quantity: bigint): void {
    for (const order of this.#orders) {
      if (order.price !== price) continue;
      order.ahead = order.ahead > quantity ? order.ahead - quantity : 0n;
    }
  }

  /** No more can stand ahead of an order than its level now holds. */
  capQueues(outside: BookSide): void {
    for (const order of this.#orders) {
      const level = outside.quantityAt(order.price);
      if (order.ahead > level) order.ahead = level;
    }
  }
}

/**
 * How an incoming `quantity` trades through the queue at one price: the outside units ahead of each of our orders first, then
 * that order, the outside units behind the last one at the end. Stops when the quantity or the queue is used up.
 */
export function matchQueue(
  price: number,
  orders: readonly QueuedOrder[],
  outside: bigint,
  quantity: bigint,
): QueueMatch[] {
  const matches: QueueMatch[] = [];
  let open = quantity;
  let outsideTaken = 0n;
  const takeOutsideUpTo = (position: bigint): void => {
    const reachable = (position < outside ? position : outside) - outsideTaken;
    const taken = reachable < open ? reachable : open;
    if (taken <= 0n) return;
    matches.push({ price, quantity: taken, order: null });
    outsideTaken += taken;
    open -= taken;
  };
  for (const order of orders) {
    takeOutsideUpTo(order.ahead);
    const taken = order.remaining < open ? order.remaining : open;
    if (taken === 0n) return matches;
    matches.push({ price, quantity: taken, order });
    open -= taken;
  }
  takeOutsideUpTo(outside);
  return matches;
}

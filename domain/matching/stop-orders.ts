import type { Side } from '../orders/order.ts';

/** An order that waits for a price of the tape, in the units of the market's scales. */
export interface WaitingStop {
  readonly orderId: number;
  readonly side: Side;
  readonly quantity: bigint;
  /** The worst price at which it may trade once it is triggered. */
  readonly price: number;
  /** The price of the tape that triggers it: this or a lower one a sell, this or a higher one a buy. */
  readonly stop: number;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK';
}

/** Whether a print at `price` triggers the order. */
export function isReached(order: Pick<WaitingStop, 'side' | 'stop'>, price: number): boolean {
  return order.side === 'sell' ? price <= order.stop : price >= order.stop;
}

/**
 * Orders outside the book that wait for the tape to reach their stop price. Each is handed out once, in the order in which the tape
 * reached them; those that one print reached go by age.
 */
export class StopOrders {
  #waiting: WaitingStop[] = [];
  #reached: WaitingStop[] = [];

  add(order: WaitingStop): void {
    this.#waiting.push(order);
  }

  /** Takes an order out that was not handed out yet, or returns `null`. */
  remove(orderId: number): WaitingStop | null {
    const found = this.all.find((order) => order.orderId === orderId) ?? null;
    this.#waiting = this.#waiting.filter((order) => order !== found);
    this.#reached = this.#reached.filter((order) => order !== found);
    return found;
  }

  /** The tape has printed these prices, in this order. */
  printed(prices: readonly number[]): void {
    if (this.#waiting.length === 0) return;
    for (const price of prices) {
      const reached = this.#waiting.filter((order) => isReached(order, price));
      if (reached.length === 0) continue;
      this.#reached.push(...reached);
      this.#waiting = this.#waiting.filter((order) => !reached.includes(order));
    }
  }

  /** The next order that the tape has reached, which waits no longer; `null` when there is none. */
  next(): WaitingStop | null {
    return this.#reached.shift() ?? null;
  }

  get all(): readonly WaitingStop[] {
    return [...this.#reached, ...this.#waiting];
  }
}

import type { WorkingOrder } from './working-order.ts';

/** The orders of one symbol that wait, in the order in which a bar fills them. */
export class OrderBook {
  readonly orders: WorkingOrder[] = [];
  /** Orders that the end of a bar has to look at: stops that follow, orders that expire. */
  #attentive = 0;
  #working = 0;

  get isEmpty(): boolean {
    return this.orders.length === 0;
  }

  get needsBarEnd(): boolean {
    return this.#attentive > 0;
  }

  /** Orders of the strategy: exits of brackets are not counted. */
  get working(): number {
    return this.#working;
  }

  append(order: WorkingOrder): void {
    this.#enter(order);
    this.orders.push(order);
  }

  /** Exits come first: what is bought at the same open needs the money, and a stop is thought to be hit before anything else. */
  putFirst(order: WorkingOrder): void {
    this.#enter(order);
    this.orders.unshift(order);
  }

  remove(order: WorkingOrder): void {
    if (!order.isLive) return;
    order.isLive = false;
    if (isAttentive(order)) this.#attentive--;
    if (!order.isContingent) this.#working--;
    this.orders.splice(this.orders.indexOf(order), 1);
  }

  #enter(order: WorkingOrder): void {
    order.isLive = true;
    if (isAttentive(order)) this.#attentive++;
    if (!order.isContingent) this.#working++;
  }
}

function isAttentive(order: WorkingOrder): boolean {
  return !Number.isNaN(order.trail) || order.lastBar !== Number.POSITIVE_INFINITY;
}

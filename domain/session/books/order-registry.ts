import type { WorkingOrder } from '../../backtest/engine/working-order.ts';
import { OrderSlot } from './order-slot.ts';
import type { SessionDesk } from './session-desk.ts';

/** The orders of a session by their numbers, from 1. */
export class OrderRegistry {
  readonly #slots: OrderSlot[] = [];

  add(desk: SessionDesk, order: WorkingOrder): OrderSlot {
    const slot = new OrderSlot(this.#slots.length + 1, desk, order);
    this.#slots.push(slot);
    return slot;
  }

  get slots(): readonly OrderSlot[] {
    return this.#slots;
  }

  /** Throws for a number that the books have never given: journal and candles, or the code, are not those of before. */
  slotOf(number: number): OrderSlot {
    const slot = this.#slots[number - 1];
    if (slot !== undefined) return slot;
    throw new Error(
      `the journal speaks of order ${number} and the books have made ${this.#slots.length}: candles, parameters or the strategy are not those that it was written with`,
    );
  }
}

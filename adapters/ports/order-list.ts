import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { IntentState } from '../../domain/orders/lifecycle.ts';
import type { Intent } from './order-ledger.ts';

/** An order of ours as it is listed. */
export interface OrderRecord extends Intent {
  /** The slice that it was sent for. */
  readonly slice: number | null;
  /** What its fills cost together, in quote; `"0"` without one. */
  readonly notional: Decimal;
  readonly endedAt: EpochMs | null;
}

export interface OrderQuery {
  readonly execution?: string;
  readonly venue?: string;
  readonly symbol?: string;
  readonly state?: IntentState;
  readonly limit: number;
  readonly cursor?: string;
}

/** Orders of all executions, for people to read. */
export interface OrderList {
  /** Newest first. */
  listOrders(query: OrderQuery): Promise<{ readonly items: readonly OrderRecord[]; readonly next: string | null }>;
  findOrder(clientOrderId: string): Promise<{ readonly order: OrderRecord; readonly fills: readonly Fill[] } | null>;
}

/** What became of an order that somebody says was never placed. */
export type HandSettlement =
  | { readonly kind: 'settled'; readonly order: OrderRecord }
  | { readonly kind: 'unknown' }
  /** It has an outcome, or the venue has acknowledged it. */
  | { readonly kind: 'not-open'; readonly state: IntentState }
  /** The platform may still find out by itself. */
  | { readonly kind: 'too-soon'; readonly sentAt: EpochMs };

/** Orders whose outcome a person has found out, because no look-up can. */
export interface OrderSettlement {
  /**
   * Closes an order as never placed whose outcome is not known, at the word of `by`, with an event. It is watched from then on like every order that
   * was closed so: should it show up it is an alarm, is taken off the book, and what it traded is counted.
   */
  settleNotPlaced(
    clientOrderId: string,
    word: { readonly by: string; readonly reason: string },
  ): Promise<HandSettlement>;
}

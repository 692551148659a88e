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

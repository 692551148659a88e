import type { Decimal, DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import type { OrderPurpose } from '../../../domain/session/order.ts';
import type { Side } from '../../../domain/orders/order.ts';

/** An order of a session as its exchange has it in its own ledger, and what the session meant it for. */
export interface WitnessedOrder {
  readonly orderId: string;
  readonly purpose: OrderPurpose;
  readonly side: Side;
  /** Whether it waits for its price, or did. */
  readonly isStop: boolean;
  /** In base. */
  readonly quantity: Decimal;
  readonly acceptedAt: EpochMs;
  /** When it could trade no more; `null` while it can. */
  readonly endedAt: EpochMs | null;
}

/** A trade of such an order. */
export interface WitnessedFill {
  readonly orderId: string;
  readonly side: Side;
  /** In base. */
  readonly quantity: Decimal;
  /** What the exchange has kept of it, in base. */
  readonly feeBase: Decimal;
  readonly at: EpochMs;
}

/** Time in which a session was leaving a position by itself: from what made it leave to the end of the order that it left with. */
export interface Exit {
  readonly from: EpochMs;
  /** `null` while that order has not ended. */
  readonly until: EpochMs | null;
}

/** A bar as it was decided. */
export interface WitnessedDecision {
  /** Opening time of the bar. */
  readonly bar: EpochMs;
  readonly close: number;
  readonly decidedAt: EpochMs;
}

/** What a session says that it holds, and what the ledger says at the same time. In base. */
export interface Standing {
  /** In words: when that was. */
  readonly when: string;
  readonly inBooks: Decimal;
  readonly inLedger: Decimal;
}

/** What is known of one session when all is over: the exchange's side of it, and what was stored of its decisions. */
export interface SessionEvidence {
  readonly sessionId: string;
  readonly name: string;
  readonly barMs: DurationMs;
  /** What its sizing says that it holds at most, in base. */
  readonly units: Decimal;
  /** So little, in base, can be no order: what rounding leaves behind is less. */
  readonly least: Decimal;
  /** Opening times of the first bar that it was to decide, and of the last that it did; `null` when it did none. */
  readonly startBar: EpochMs;
  readonly lastBar: EpochMs | null;
  readonly orders: readonly WitnessedOrder[];
  readonly fills: readonly WitnessedFill[];
  readonly exits: readonly Exit[];
  readonly decisions: readonly WitnessedDecision[];
  readonly standings: readonly Standing[];
  /** Until when the ledger was read. */
  readonly readAt: EpochMs;
}

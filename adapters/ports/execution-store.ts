import type { Amendment } from '../../domain/execution/amendment.ts';
import type { AmendResult, EndCommand, EndResult, ExecutionStatus, Problem } from '../../domain/execution/commands.ts';
import type { MarketBenchmarks } from '../../domain/execution/costs/market-benchmarks.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { IntentState } from '../../domain/orders/lifecycle.ts';
import type { OrderMode, Side } from '../../domain/orders/order.ts';
import type { Intent, NewDecision } from './order-ledger.ts';
import type { Halt } from '../../domain/risk/gate-input.ts';

/** A price at an instant (venue time). */
export interface PricePoint {
  readonly price: Decimal;
  readonly at: EpochMs;
}

/** One execution as the platform knows it. */
export interface ExecutionRecord {
  readonly id: string;
  readonly workflowId: string;
  readonly owner: string;
  /** As it was accepted; `amendments` say what it has been changed to. */
  readonly plan: ExecutionPlan;
  /** In their order. */
  readonly amendments: readonly Amendment[];
  readonly base: string;
  readonly quote: string;
  readonly status: ExecutionStatus;
  /** Once it has ended, what it ended with; before, what keeps it from trading now. */
  readonly problem: Problem | null;
  readonly filled: Decimal;
  /** Mid when the execution was accepted. */
  readonly decision: PricePoint;
  /** Mid when the first slice was decided; `null` before. */
  readonly arrival: PricePoint | null;
  /** Mid when it ended; `null` before, or when the venue could not be asked. */
  readonly end: PricePoint | null;
  /** Our clock; `null` before. */
  readonly endedAt: EpochMs | null;
  readonly market: MarketBenchmarks | null;
  readonly createdAt: EpochMs;
}

export type NewExecution = Pick<
  ExecutionRecord,
  'id' | 'workflowId' | 'owner' | 'plan' | 'base' | 'quote' | 'decision'
>;

export interface IdempotencyClaim {
  readonly owner: string;
  readonly key: string;
  /** SHA-256 of the request body, hex. */
  readonly bodyHash: string;
}

export type Acceptance =
  | { readonly kind: 'accepted' | 'known'; readonly execution: ExecutionRecord }
  /** The same owner used that key for another body. */
  | { readonly kind: 'key-reused' }
  /** The account has as many executions under way whose orders wait at the venue as it may have. */
  | { readonly kind: 'waiting-full'; readonly most: number };

export interface ExecutionFilter {
  readonly status?: ExecutionStatus;
  readonly venue?: string;
  readonly symbol?: string;
  /** Opaque text of the page before; absent for the first page. */
  readonly cursor?: string;
  readonly limit: number;
}

/** One child order with its life so far. */
export interface ChildOrderRecord {
  readonly executionId: string;
  readonly child: number;
  readonly attempt: number;
  readonly clientOrderId: string;
  readonly venueOrderId: string | null;
  readonly state: IntentState;
  readonly side: Side;
  readonly slice: number;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly mode: OrderMode;
  /** Trigger of a `stop`; `null` of any other. */
  readonly stopPrice: Decimal | null;
  readonly filled: Decimal;
  readonly dueAt: EpochMs;
  /** Our clock just before the bytes left; `null` when it was never sent. */
  readonly sentAt: EpochMs | null;
  readonly problem: Problem | null;
}

/** A slice that was decided, whether or not an order came of it. */
export type DecisionRecord = NewDecision;

/** A stored fill of an execution, with the mid at which its child was decided. */
export interface StoredFill extends Fill {
  readonly executionId: string;
  readonly slice: number;
  readonly child: number;
  readonly clientOrderId: string;
  readonly mid: Decimal;
  /** Whether the other side of the trade was an order of the same account: of another execution, or placed by hand. */
  readonly selfTrade: boolean;
}

export interface HaltRecord extends Halt {
  readonly setBy: string;
  readonly liftedAt: EpochMs | null;
  readonly liftedBy: string | null;
  readonly liftReason: string | null;
}

/** What tells whether an order may go on waiting at the venue. */
export type WaitingOrder = Pick<Intent, 'clientOrderId' | 'executionId' | 'child' | 'venue' | 'symbol'>;

/** What the API reads and writes about executions. */
export interface ExecutionStore {
  /** Stores execution and idempotency row in one transaction, or says what the key already stands for. */
  accept(execution: NewExecution, claim: IdempotencyClaim | null): Promise<Acceptance>;
  /** Accepted executions whose workflow has not been seen to start. */
  notStarted(): Promise<readonly ExecutionRecord[]>;
  markStarted(id: string): Promise<void>;
  findExecution(id: string): Promise<ExecutionRecord | null>;
  listExecutions(
    filter: ExecutionFilter,
  ): Promise<{ readonly items: readonly ExecutionRecord[]; readonly next: string | null }>;
  decisionsOf(id: string): Promise<readonly DecisionRecord[]>;
  ordersOf(id: string): Promise<readonly ChildOrderRecord[]>;
  fillsOf(id: string): Promise<readonly StoredFill[]>;
  /** All our trades of a symbol at a venue with `from <= at <= to`, of whichever execution. */
  ownTrades(
    venue: string,
    symbol: string,
    from: EpochMs,
    to: EpochMs,
  ): Promise<readonly Pick<Fill, 'tradeId' | 'at'>[]>;
  /** What we have traded of a symbol at a venue with `from <= at <= to`, of whichever execution, in base. */
  ownVolume(venue: string, symbol: string, from: EpochMs, to: EpochMs): Promise<Decimal>;
  /** What the children of one slice have filled, in base. */
  sliceFilled(id: string, slice: number): Promise<Decimal>;
  recordStatus(id: string, status: 'running' | 'paused'): Promise<void>;
  /**
   * Stores an amendment with its event. Refuses it when what has filled or may still fill comes to more than its quantity, and when
   * the execution has ended; storing it again changes nothing.
   */
  recordAmendment(id: string, amendment: Amendment): Promise<AmendResult>;
  /** Children up to that number are not to wait at the venue any longer. */
  withdrawChild(id: string, child: number): Promise<void>;
  /**
   * Which of those orders shall wait at the venue no longer, by client order id: their child was withdrawn, their execution has ended, or a halt
   * in force covers them, unless they only reduce what is held.
   */
  wantedBack(orders: readonly WaitingOrder[]): Promise<ReadonlySet<string>>;
  /** Stores the final status, once. */
  recordEnd(end: EndCommand, endedAt: EpochMs): Promise<EndResult>;
  /** Tells everybody that its workflow was started anew. */
  noteRestart(id: string): Promise<void>;
  /** Adds the mid at the end and the market's figures to an ended execution. */
  recordClose(id: string, close: ExecutionClose): Promise<void>;
  recordMarket(id: string, market: MarketBenchmarks): Promise<void>;
}

export interface ExecutionClose {
  readonly end: PricePoint | null;
  readonly market: MarketBenchmarks;
}

export interface HaltFilter {
  readonly activeOnly: boolean;
  /** Opaque text of the page before; absent for the first page. */
  readonly cursor?: string;
  readonly limit: number;
}

/** Halts latch: they stand until somebody lifts them with a reason. */
export interface HaltStore {
  setHalt(halt: Pick<Halt, 'scope' | 'target' | 'reason'> & { readonly by: string }): Promise<HaltRecord>;
  /** `null` when there is no such halt; a halt that was already lifted is returned as it is. */
  liftHalt(id: string, by: string, reason: string): Promise<HaltRecord | null>;
  findHalt(id: string): Promise<HaltRecord | null>;
  /** Newest first. */
  listHalts(filter: HaltFilter): Promise<{ readonly items: readonly HaltRecord[]; readonly next: string | null }>;
}

import type { ReconciliationFindings } from '../../domain/execution/janitor.ts';
import type { Decimal, DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { Side, VenueOrder } from '../../domain/orders/order.ts';
import type { AccountTrade, Amounts, TradeCut } from '../../domain/portfolio/account-trade.ts';
import type { ChildKey, Intent } from './order-ledger.ts';

/** What an account held at the end of a reconciliation, free and locked together, and the last trade that this contains. */
export interface BalanceSnapshot {
  readonly balances: Amounts;
  readonly cut: TradeCut;
}

export type ReconciliationCause = 'start' | 'janitor';

export interface NewReconciliation {
  readonly venue: string;
  readonly cause: ReconciliationCause;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  readonly lookedBackMs: DurationMs;
  readonly findings: ReconciliationFindings;
  /** After minus before minus trades, by asset; a deposit is positive. Empty when all is explained. */
  readonly differences: Amounts;
  /** `null` when the balances would not stand still long enough to be compared: the next run compares with the same ones again. */
  readonly snapshot: BalanceSnapshot | null;
}

export interface ReconciliationRecord extends NewReconciliation {
  readonly id: string;
}

/** An order of somebody else on an account of ours. */
export interface ForeignOrder {
  readonly venue: string;
  readonly symbol: string;
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly side: Side;
  readonly price: Decimal | null;
  readonly quantity: Decimal;
  readonly filled: Decimal;
  readonly acceptedAt: EpochMs | null;
  readonly firstSeenAt: EpochMs;
  readonly lastSeenAt: EpochMs;
}

/** A trade of somebody else on an account of ours: never counted. */
export interface ForeignTrade extends AccountTrade {
  readonly venue: string;
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly maker: boolean;
  readonly seenAt: EpochMs;
}

export interface VenuePage {
  /** All venues where it is left out. */
  readonly venue?: string;
  /** Opaque text of the page before; absent for the first page. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface PageOf<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** What the API reads of reconciliations; newest first. */
export interface ReconciliationReader {
  listReconciliations(page: VenuePage): Promise<PageOf<ReconciliationRecord>>;
  /** Those that are open at the venue. */
  listForeignOrders(page: VenuePage): Promise<PageOf<ForeignOrder>>;
  listForeignTrades(page: VenuePage): Promise<PageOf<ForeignTrade>>;
}

/** What a reconciliation reads and writes beside the order ledger. */
export interface ReconciliationStore extends ReconciliationReader {
  /** When the account was reconciled last, and when last so far back; `null` before. */
  lastRuns(
    venue: string,
    farMs: DurationMs,
  ): Promise<{ readonly startedAt: EpochMs | null; readonly farAt: EpochMs | null }>;
  /** The balances that were settled last; `null` before the first. */
  lastSnapshot(venue: string): Promise<BalanceSnapshot | null>;
  /** Our fills and foreign trades of the account that come after `cut` in the order of `compareTrades`, in that order. */
  tradesAfter(venue: string, cut: TradeCut): Promise<readonly AccountTrade[]>;
  /**
   * Those of the trades that are stored neither as ours nor as foreign, in their order, and those that are stored as foreign without knowing which
   * client order id their order has: they may be ours after all.
   */
  unknownTrades<Trade extends Pick<Fill, 'tradeId' | 'orderId'>>(
    venue: string,
    symbol: string,
    trades: readonly Trade[],
  ): Promise<readonly Trade[]>;
  /** Client order ids of ours by the venue's own order ids. */
  ownOrderIds(venue: string, symbol: string, orderIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Intents that were closed as never placed within the last `withinMs`, the newest first. */
  notPlacedIntents(venue: string, withinMs: DurationMs): Promise<readonly Intent[]>;
  /** Writes down that the venue shows an order that was closed as never placed; says whether that is news. */
  noteReappeared(key: ChildKey, order: VenueOrder): Promise<boolean>;
  /** Writes down that an order rested at the venue after its end for us, and that its cancel was asked for. */
  noteOrphan(intent: Intent, order: VenueOrder): Promise<void>;
  /** Takes these as the only foreign orders that are open at the venue now. */
  saveForeignOrders(venue: string, orders: readonly VenueOrder[]): Promise<void>;
  saveReconciliation(run: NewReconciliation): Promise<void>;
}

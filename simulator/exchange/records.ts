import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { FeedConfig, VenueConfig } from '../config.ts';
import type { AcceptedOrder, Ledger, LedgerFill } from './ledger.ts';

/** The first record of a journal: what the venue was opened with. */
export interface OpeningRecord {
  readonly kind: 'opened';
  readonly venue: string;
  readonly feed: FeedConfig;
  readonly symbols: readonly string[];
  readonly balances: VenueConfig['balances'];
  readonly at: EpochMs;
}

/** The instant at which a market's feed began to run: feed time `feedAt` is venue time `at`. */
export interface FeedStartRecord {
  readonly kind: 'feed-started';
  readonly symbol: string;
  readonly feedAt: EpochMs;
  readonly at: EpochMs;
}

/**
 * Where the public tape stands after a record that printed on it: how many more prints the market has than its feed had trades.
 * With it a restart finds the trade ids of a synthetic market at any minute.
 */
export interface TapeMark {
  readonly symbol: string;
  readonly surplus: number;
}

/** An accepted order with everything that its acceptance did: fills of it and of others, in order, and how it ended if it did. */
export interface OrderRecord {
  readonly kind: 'order';
  readonly order: AcceptedOrder;
  readonly fills: readonly LedgerFill[];
  readonly expired: boolean;
  readonly tape: TapeMark;
}

/** Fills of resting orders that the market brought about. */
export interface FillsRecord {
  readonly kind: 'fills';
  readonly fills: readonly LedgerFill[];
  readonly tape: TapeMark;
}

/** A stop order that the tape has triggered, with everything that this did, like the acceptance of a limit order. */
export interface TriggerRecord {
  readonly kind: 'triggered';
  readonly orderId: number;
  readonly at: EpochMs;
  readonly fills: readonly LedgerFill[];
  readonly expired: boolean;
  readonly tape: TapeMark;
}

export interface CancelRecord {
  readonly kind: 'cancelled';
  readonly orderId: number;
  /** The client id of the cancel itself. */
  readonly cancelClientOrderId: string;
  readonly at: EpochMs;
}

/** A movement between the account and the world outside the venue; a negative amount leaves. */
export interface TransferRecord {
  readonly kind: 'transferred';
  readonly asset: string;
  readonly amount: Decimal;
  readonly at: EpochMs;
}

/** Everything that a venue's journal can hold. */
export type JournalRecord = OpeningRecord | FeedStartRecord | LedgerRecord;

/** What happened to the account: the part of the journal that moves the ledger. */
export type LedgerRecord = OrderRecord | FillsRecord | TriggerRecord | CancelRecord | TransferRecord;

/** Moves the ledger by one record; the only way in which it ever moves, live and at a restart. */
export function applyToLedger(ledger: Ledger, record: LedgerRecord): void {
  switch (record.kind) {
    case 'order':
      ledger.accept(record.order);
      for (const fill of record.fills) ledger.fill(fill);
      if (record.expired) ledger.close(record.order.orderId, 'expired', record.order.acceptedAt);
      break;
    case 'fills':
      for (const fill of record.fills) ledger.fill(fill);
      break;
    case 'triggered':
      ledger.trigger(record.orderId, record.at);
      for (const fill of record.fills) ledger.fill(fill);
      if (record.expired) ledger.close(record.orderId, 'expired', record.at);
      break;
    case 'cancelled':
      ledger.close(record.orderId, 'cancelled', record.at);
      break;
    case 'transferred':
      ledger.transfer(record.asset, record.amount, record.at);
      break;
  }
}

import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { BarPhase } from '../../domain/matching/bar-market/bar-market.ts';
import type { TapePrint } from '../../domain/matching/market-types.ts';
import type { FeedConfig, VenueConfig } from '../config.ts';
import type { TapeAnchor } from '../feeds/relay/tape-anchor.ts';
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

/** Where a relayed market's tape is fixed to that of its source from now on. */
export interface TapeAnchorRecord extends TapeAnchor {
  readonly kind: 'tape-anchored';
  readonly symbol: string;
  readonly at: EpochMs;
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

/** With which candles a market that replays them was opened: its journal belongs to no others. Bar `index` is the last one of the warm-up. */
export interface CandlesRecord {
  readonly kind: 'candles-opened';
  readonly symbol: string;
  readonly bars: number;
  /** Content hash of the candles, hex. */
  readonly hash: string;
  readonly index: number;
  /** The first print, at the close of that bar. */
  readonly print: TapePrint;
}

/** A phase of a bar that was released, with everything that it did: stops triggered, then fills, then what expired. */
export interface ReleaseRecord {
  readonly kind: 'released';
  readonly symbol: string;
  readonly index: number;
  readonly phase: BarPhase;
  readonly at: EpochMs;
  /** The market's own print, which comes before those of the fills; `null` where the phase has none. */
  readonly print: TapePrint | null;
  readonly triggered: readonly number[];
  readonly fills: readonly LedgerFill[];
  readonly expired: readonly number[];
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
export type JournalRecord = OpeningRecord | FeedStartRecord | TapeAnchorRecord | CandlesRecord | LedgerRecord;

/** What happened to the account: the part of the journal that moves the ledger. */
export type LedgerRecord = OrderRecord | FillsRecord | TriggerRecord | ReleaseRecord | CancelRecord | TransferRecord;

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
    case 'released':
      for (const orderId of record.triggered) ledger.trigger(orderId, record.at);
      for (const fill of record.fills) ledger.fill(fill);
      for (const orderId of record.expired) ledger.close(orderId, 'expired', record.at);
      break;
    case 'cancelled':
      ledger.close(record.orderId, 'cancelled', record.at);
      break;
    case 'transferred':
      ledger.transfer(record.asset, record.amount, record.at);
      break;
  }
}

import type { Problem } from '../execution/commands.ts';
import type { Decimal, EpochMs } from '../market/decimal.ts';

/** Why a bar's signals were not, or not all, acted upon. */
export type BlockReason =
  /** Outside trading hours: nothing is opened. */
  | 'HOURS'
  /** Paused by a person: nothing is done. */
  | 'PAUSED'
  /** The books differ from the venue's: nothing is opened until a person has looked. */
  | 'RECONCILIATION'
  /** The venue does not take the stop of a position: nothing more is opened. */
  | 'ORDERS'
  /** The bar closed while nobody could decide on it. */
  | 'MISSED'
  /** The strategy has failed and is not asked at all, not even what it would do: stops go on following, and time stops come. */
  | 'STRATEGY'
  /** The session is being stopped. */
  | 'STOPPING';

/** How the strategy is asked about a bar: `ask` acts on what it says; `exits` only on what reduces positions; `mute` on nothing. */
export type BarMode = 'ask' | 'exits' | 'mute';

/**
 * What has happened to a session besides bars that the strategy was asked about in mode `ask`. With the candles it says all: whoever folds it
 * has the session's books, at any time and in any process. Entries are never changed.
 */
export type SessionEvent =
  /** A bar that was handled in another way than `ask`. */
  | { readonly kind: 'bar'; readonly time: EpochMs; readonly mode: 'exits' | 'mute'; readonly reason: BlockReason }
  /** An order has traded since the last such entry: all trades of that time as one. */
  | {
      readonly kind: 'execution';
      readonly order: number;
      readonly version: number;
      /** In base, fees not taken off. */
      readonly quantity: Decimal;
      /** Mean price, exact to 18 digits. */
      readonly price: Decimal;
      /** Fees by the asset that they were paid in. */
      readonly feeBase: Decimal;
      readonly feeQuote: Decimal;
      /** Those in another asset, by asset, which are in no book; absent where there are none. */
      readonly otherFees?: Readonly<Record<string, Decimal>>;
      readonly maker: boolean;
    }
  /** An order will trade no more. */
  | {
      readonly kind: 'ended';
      readonly order: number;
      readonly version: number;
      readonly status: 'filled' | 'cancelled' | 'expired' | 'failed';
      readonly problem: Problem | null;
    }
  /** A price that the session watches was reached: the exit with that number is sent, and what stands in its way goes first. */
  | { readonly kind: 'reached'; readonly order: number; readonly price: Decimal }
  /** An exit that has failed too often in this bar is tried once more. */
  | { readonly kind: 'again'; readonly order: number }
  /** From the next bar on the strategy has these parameters; it is prepared anew. */
  | { readonly kind: 'params'; readonly params: Readonly<Record<string, number>> }
  /** Entries are cancelled and what is held is left at market. */
  | { readonly kind: 'flatten'; readonly reason: string }
  /** Entries that wait are cancelled; exits stay. */
  | { readonly kind: 'cancel-entries'; readonly reason: string }
  /** A person has accepted that the venue is right: so much more, or less, is held. */
  | {
      readonly kind: 'adjusted';
      readonly symbol: string;
      readonly quantity: Decimal;
      readonly price: Decimal;
      readonly reason: string;
    };

export interface JournalEntry {
  /** Rises by one. */
  readonly seq: number;
  /** Opening time of the last bar that had been handled by then; `null` before the first. */
  readonly after: EpochMs | null;
  readonly event: SessionEvent;
}

/** The entries since the last bar was handled. */
export function happenedSince(journal: readonly JournalEntry[], lastBar: EpochMs | null): readonly JournalEntry[] {
  return journal.slice(journal.findLastIndex((entry) => entry.after !== lastBar) + 1);
}

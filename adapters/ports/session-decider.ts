import type { Candles } from '../../domain/market/candles.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Decision } from '../../domain/session/decision.ts';
import type { DueBar } from '../../domain/session/due-bars.ts';
import type { JournalEntry } from '../../domain/session/journal.ts';
import type { OrderPlan, PlacedOrder, WantedOrder } from '../../domain/session/order.ts';
import type { ClosedTrade, SessionBooks, SessionRecord } from './session-store.ts';

/** What the books of a session are folded from, and the bars that are to be decided after that. */
export interface DecideRequest {
  readonly session: Pick<
    SessionRecord,
    | 'id'
    | 'spec'
    | 'strategyHash'
    | 'strategyParts'
    | 'instruments'
    | 'restsStops'
    | 'feeRate'
    | 'startBar'
    | 'firstCandle'
    | 'books'
  >;
  /** Of each symbol in the order of the spec, from `firstCandle` on. */
  readonly candles: readonly Candles[];
  /** All of it, with what has just been taken in. */
  readonly journal: readonly JournalEntry[];
  /** Opening time of the last bar that was handled before. */
  readonly handledUpTo: EpochMs | null;
  readonly bars: readonly DueBar[];
  readonly placed: readonly PlacedOrder[];
  /** Whether any order is wanted at all: not by a session that is being stopped with all of them cancelled. */
  readonly ordersWanted: boolean;
  /** Closed trades up to that number are known and not asked for. */
  readonly knownTrades: number;
}

/** How the books stand after that. */
export interface Decided {
  readonly decisions: readonly Decision[];
  readonly equity: readonly { readonly bar: EpochMs; readonly equity: number; readonly cash: number }[];
  readonly wanted: readonly WantedOrder[];
  readonly plan: OrderPlan;
  readonly trades: readonly ClosedTrade[];
  readonly books: SessionBooks;
}

/** Folds the books of sessions and asks their strategies, where code of a user's may hang or break something. */
export interface SessionDecider {
  /** Throws `BacktestFailure` for whatever is wrong with the strategy; any other error is ours. */
  decide(request: DecideRequest): Promise<Decided>;
  close(): Promise<void>;
}

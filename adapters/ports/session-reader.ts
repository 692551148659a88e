import type { SessionFunds } from './session-funds.ts';
import type { StopsOf } from './session-stops.ts';
import type { Trade } from '../../domain/backtest/trade.ts';
import type { Problem } from '../../domain/execution/commands.ts';
import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { Decision } from '../../domain/session/decision.ts';
import type { JournalEntry } from '../../domain/session/journal.ts';
import type { PlacedOrder, WantedOrder } from '../../domain/session/order.ts';
import type { SessionStatus } from '../../domain/session/status.ts';
import type { PageOf } from './reconciliation-store.ts';
import type { RunningCandle } from './running-candles.ts';
import type { SessionBooks, SessionRecord } from './session-store.ts';

/** A session with how its books and orders stand. */
export interface SessionEntry {
  readonly record: SessionRecord;
  /** After the last step; `null` before the first. */
  readonly books: SessionBooks | null;
  /** Orders whose price the session itself watches. */
  readonly watched: readonly WantedOrder[];
  /** Orders that were given to the execution path and have not ended in the books. */
  readonly openOrders: number;
  /** Trades of the venue that are in the books. */
  readonly fillsTaken: number;
  /** On a venue that replays candles what it has last looked at of the open one for prices that it watches; `null` before. */
  readonly candleSeen: RunningCandle | null;
}

export interface SessionPage {
  /** Opaque text of the page before; absent for the first page. */
  readonly cursor?: string;
  readonly limit: number;
}

/** A page of a list that can be read from either end. A cursor belongs to the order that it came with. */
export interface OrderedPage extends SessionPage {
  readonly newestFirst?: boolean;
}

export interface SessionFilter extends SessionPage {
  readonly status?: SessionStatus;
  readonly venue?: string;
}

export interface DecisionFilter extends SessionPage {
  /** Only bars at which the strategy asked for something. */
  readonly withSignals: boolean;
}

export interface DecisionRow {
  readonly decision: Decision;
  /** Our clock. */
  readonly decidedAt: EpochMs;
}

export interface TradeRow {
  /** Its place in the books, from 1. */
  readonly number: number;
  readonly trade: Trade;
  readonly entryOrder: number | null;
  readonly exitOrder: number | null;
}

export interface EquityRow {
  readonly bar: EpochMs;
  readonly equity: number;
  readonly cash: number;
}

/** An order of a session with what became of it at the venue. */
export interface SessionOrderRow {
  readonly wanted: WantedOrder;
  readonly executionId: string;
  readonly state: PlacedOrder['state'];
  readonly cancelRequested: boolean;
  readonly createdAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly execution: { readonly status: string; readonly problem: Problem | null };
  /** Mid when its first child was decided and when that was sent; `null` before. */
  readonly decided: { readonly mid: Decimal; readonly sentAt: EpochMs } | null;
  readonly clientOrderIds: readonly string[];
  readonly filled: Decimal;
  /** Sum of price times quantity. */
  readonly notional: Decimal;
  /** By asset. */
  readonly fees: Readonly<Record<string, Decimal>>;
  readonly fills: number;
  readonly firstFillAt: EpochMs | null;
}

export interface JournalRow extends JournalEntry {
  readonly recordedAt: EpochMs;
}

/** What people and their programs read of sessions. */
export interface SessionReader {
  /** Newest first. */
  listSessions(filter: SessionFilter): Promise<PageOf<SessionEntry>>;
  /** `null` when there is no such session. */
  findSession(id: string): Promise<SessionEntry | null>;
  /** All sessions of an account that have not ended. */
  openSessions(venue: string): Promise<readonly SessionEntry[]>;
  /** What its account has of a quote currency for one more session; `null` while the account has never been read. */
  funds(venue: string, quote: string, exceptFor: string | null): Promise<SessionFunds | null>;
  /** Stop orders of those symbols on an account, by whose they are: of its open sessions, and of all others of ours together. */
  stops(venue: string, symbols: readonly string[]): Promise<readonly StopsOf[]>;
  /** Newest first. */
  decisions(id: string, filter: DecisionFilter): Promise<PageOf<DecisionRow>>;
  /** In their order, or the newest first. */
  trades(id: string, page: OrderedPage): Promise<PageOf<TradeRow>>;
  /** In their order, or the newest first. */
  equity(id: string, page: OrderedPage): Promise<PageOf<EquityRow>>;
  /** Newest first. */
  orders(id: string, page: SessionPage): Promise<PageOf<SessionOrderRow>>;
  /** In their order, or the newest first. */
  journal(id: string, page: OrderedPage): Promise<PageOf<JournalRow>>;
}

import type { Problem } from '../../domain/execution/commands.ts';
import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import type { SessionCommand } from '../../domain/session/commands.ts';
import type { BookNote } from '../../domain/session/books/book-ledger.ts';
import type { Decision } from '../../domain/session/decision.ts';
import type { JournalEntry, SessionEvent } from '../../domain/session/journal.ts';
import type { PlacedOrder, WantedOrder, WatchedOrder } from '../../domain/session/order.ts';
import type { SessionSpec } from '../../domain/session/spec.ts';
import type { StrategyPart } from '../../domain/strategies/strategy-part.ts';
import type { EntryBlock, SessionStatus, StopMode } from '../../domain/session/status.ts';
import type { OrderProgress } from '../../domain/session/take-in.ts';
import type { Trade } from '../../domain/backtest/trade.ts';
import type { SessionFunds } from './session-funds.ts';
import type { ExecutionRecord, IdempotencyClaim, NewExecution } from './execution-store.ts';
import type { RunningCandle } from './running-candles.ts';

/** A session as the platform knows it. */
export interface SessionRecord {
  readonly id: string;
  readonly workflowId: string;
  readonly owner: string;
  readonly spec: SessionSpec;
  /** SHA-256 of a user's strategy file, and of what it imports; `null` for a strategy of the registry. */
  readonly strategyHash: string | null;
  /** That file and what it imports; absent where it imports nothing. */
  readonly strategyParts?: readonly StrategyPart[];
  /** Parameters that hold now; `spec.strategy.params` are those of the start. */
  readonly params: Readonly<Record<string, number>>;
  readonly base: Readonly<Record<string, string>>;
  readonly quote: string;
  /** What it trades, by symbol, as the venue told it at the start: the same in every fold of its journal. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  /** Whether the venue keeps stop orders; else the session watches their prices. */
  readonly restsStops: boolean;
  /** What the risk gate of its account held back on top of a buy when it was started, as a ratio: entries are sized so that they pass. */
  readonly feeRate: Decimal;
  readonly status: SessionStatus;
  /** Set while status is `stopping` or final. */
  readonly stopMode: StopMode | null;
  readonly block: EntryBlock | null;
  readonly problem: Problem | null;
  /** Opening time of the first bar that it may decide: market time. */
  readonly startBar: EpochMs;
  /** Opening time of the first bar of its candles: `startBar` less warm-up. Fixed at the start, so that recursive indicators never change. */
  readonly firstCandle: EpochMs;
  readonly lastBar: EpochMs | null;
  readonly bars: number;
  /** `seq` of the newest journal entry, 0 before the first. */
  readonly seq: number;
  /** All that is wanted is working at the venue, and all trades that the ledger knew are in the books. */
  readonly settled: boolean;
  /** Rises with every change of this record. */
  readonly version: number;
  /** How its books stood after the last step; `null` before the first. */
  readonly books: SessionBooks | null;
  /** Wanted orders that the session itself watches the price for. */
  readonly watched: readonly WatchedOrder[];
  readonly createdAt: EpochMs;
  readonly endedAt: EpochMs | null;
}

/** How the books of a session stood after the last step: for displays. */
export interface SessionBooks {
  readonly cash: number;
  readonly equity: number;
  readonly positions: readonly {
    readonly symbol: string;
    readonly units: number;
    /** The same, exact, in base; absent in books that were stored before it was told. */
    readonly quantity?: Decimal;
    readonly entryPrice: number | null;
    readonly mark: number | null;
    readonly unrealised: number;
    readonly stopLoss: number | null;
    readonly takeProfit: number | null;
  }[];
  readonly commission: number;
  readonly closedTrades: number;
  /** What rounding to lots has left behind, in base by symbol. */
  readonly dust: Readonly<Record<string, Decimal>>;
  /** Fees in neither asset of their symbol, by asset, which are in none of these amounts; absent in books that were stored before they were told. */
  readonly otherFees?: Readonly<Record<string, Decimal>>;
  /** What went otherwise than wanted, the newest last; absent as above. */
  readonly notes?: readonly BookNote[];
  /** What every later fold of the same past has to come to; absent as above. */
  readonly fold?: FoldPrint;
  /** The last entry of the journal that is in them, where they were not folded: the print is that of an earlier fold then. */
  readonly bookedUpTo?: number;
}

/** A fingerprint of books, and where they stood. */
export interface FoldPrint {
  /** Version of the engine that made them. */
  readonly engine: string;
  /** The last entry of the journal that is in them, and the last bar that was handled. */
  readonly seq: number;
  readonly lastBar: EpochMs | null;
  /** Orders that they had made by then. */
  readonly orders: number;
  readonly hash: string;
}

/** A closed trade with the orders that made it; `null` where a person did. */
export interface ClosedTrade {
  /** Its place in the books, from 1. */
  readonly number: number;
  readonly trade: Trade;
  readonly entryOrder: number | null;
  readonly exitOrder: number | null;
}

/** What one step of a session writes, all or nothing. Throws `SessionMoved` unless the session is still what it was reckoned on. */
export interface SessionStep {
  readonly sessionId: string;
  readonly expectedSeq: number;
  /** A bar without any event moves it on as well. */
  readonly expectedVersion: number;
  readonly events: readonly { readonly after: EpochMs | null; readonly event: SessionEvent }[];
  /** Bars that were handled, in order, and what was decided; one for each symbol and bar. */
  readonly decisions: readonly Decision[];
  readonly lastBar: EpochMs | null;
  readonly bars: number;
  /** At the close of each bar that was handled. */
  readonly equity: readonly { readonly bar: EpochMs; readonly equity: number; readonly cash: number }[];
  /** Closed trades that are not stored yet, or not as they are now. */
  readonly trades: readonly ClosedTrade[];
  readonly orders: readonly { readonly wanted: WantedOrder; readonly execution: NewExecution }[];
  readonly cancelRequested: readonly string[];
  readonly working: readonly string[];
  readonly ended: readonly string[];
  /** What is in the journal of the trades of an order, after this step. */
  readonly taken: readonly { readonly executionId: string; readonly quantity: Decimal; readonly fills: number }[];
  readonly settled: boolean;
  readonly status: SessionStatus;
  readonly block: EntryBlock | null;
  readonly problem: Problem | null;
  readonly books: SessionBooks;
  /** Wanted orders that the session itself watches the price for. */
  readonly watched: readonly WatchedOrder[];
}

/** The step was reckoned on a journal that has moved on meanwhile: read it again. */
export class SessionMoved extends Error {
  constructor(sessionId: string) {
    super(`the journal of session ${sessionId} has moved on: reading it again`);
    this.name = 'SessionMoved';
  }
}

export type SessionAcceptance =
  | { readonly kind: 'accepted' | 'known'; readonly session: SessionRecord }
  | { readonly kind: 'key-reused' }
  /** The account has less left than its capital. */
  | { readonly kind: 'too-little'; readonly funds: SessionFunds };

export type NewSession = Pick<
  SessionRecord,
  | 'id'
  | 'workflowId'
  | 'owner'
  | 'spec'
  | 'strategyHash'
  | 'strategyParts'
  | 'base'
  | 'quote'
  | 'restsStops'
  | 'startBar'
  | 'firstCandle'
>;

/** What was placed for a session, and whether its workflow is known to have started. */
export type SessionOrder = PlacedOrder & { readonly started: boolean };

/** Sessions in Postgres. Whoever runs a session is the only one to move its journal on; a second one gets `SessionMoved`. */
export interface SessionStore {
  /**
   * Keeps with it the instruments as the directory of venues has them; throws where it lacks one. The account's money is looked at in the same
   * transaction, one start after the other, so that no two take the same; while the account has never been read nothing is known against it.
   */
  accept(session: NewSession, claim: IdempotencyClaim | null): Promise<SessionAcceptance>;
  find(sessionId: string): Promise<SessionRecord | null>;
  /** Accepted sessions whose workflow is not known to have started. */
  unstarted(olderThanMs: number): Promise<readonly SessionRecord[]>;
  markStarted(sessionId: string): Promise<void>;
  /** Sessions whose workflow has started and that have not ended. */
  started(): Promise<readonly Pick<SessionRecord, 'id' | 'workflowId' | 'problem'>[]>;
  /** Entries above that number, in order; all of them with 0. */
  journal(sessionId: string, above?: number): Promise<readonly JournalEntry[]>;
  /** Orders that have not ended, and those that ended lately: a trade of one may still come to be known. */
  placed(sessionId: string): Promise<readonly SessionOrder[]>;
  progress(executionIds: readonly string[]): Promise<readonly OrderProgress[]>;
  step(step: SessionStep): Promise<void>;
  /** Notes what of the open candle the session has acted upon, for whoever replays candles to it. An older candle, or less of the same, is left out. */
  saw(sessionId: string, candle: RunningCandle): Promise<void>;
  /**
   * Puts a command on record in a transaction; the answer is the record after it. The same key again changes nothing. Throws a `SessionRefusal`
   * when the status does not allow it.
   */
  command(sessionId: string, command: SessionCommand, key: string): Promise<SessionRecord>;
  setBlock(sessionId: string, block: EntryBlock | null, by: string): Promise<void>;
  /** Puts a passing problem on the record, or takes it off again with `null`, in the place of another with that code; any other problem stays. */
  setProblem(sessionId: string, code: string, problem: Problem | null): Promise<void>;
  /** Says of a session that has not ended that nobody runs it, in the place of any other problem, which comes back when this one is taken off. The same code again changes nothing. */
  noteUnattended(sessionId: string, problem: Problem): Promise<void>;
  /** Tells everybody that its workflow was started anew, and why. */
  noteRestart(sessionId: string, reason: string): Promise<void>;
  /** Its executions whose workflow is not known to have started. */
  unstartedOrders(sessionId: string): Promise<readonly ExecutionRecord[]>;
}

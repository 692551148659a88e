import type { DurationMs, Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import type { Problem } from '../../domain/execution/commands.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { IntentState } from '../../domain/orders/lifecycle.ts';
import type { OrderMode, Side } from '../../domain/orders/order.ts';
import type { Halt, RecentOrders } from '../../domain/risk/gate-input.ts';
import type { VenueHealth } from './venue.ts';
import type { OwnerRecord } from './venue-ownership.ts';

/** Which order an intent stands for. */
export interface ChildKey {
  readonly executionId: string;
  readonly child: number;
  readonly attempt: number;
}

/** An order that we mean to send, written down before it is sent. */
export interface Intent extends ChildKey {
  readonly clientOrderId: string;
  readonly venue: string;
  readonly symbol: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly mode: OrderMode;
  /** Trigger of a `stop`; `null` of any other. */
  readonly stopPrice: Decimal | null;
  readonly filled: Decimal;
  readonly state: IntentState;
  /** Venue time that the order is signed with: the venue refuses it once its receive window has passed. */
  readonly signedAt: EpochMs;
  /** Our clock at that instant. */
  readonly sentAt: EpochMs;
  readonly notAfter: EpochMs;
  /** Mid of the quote that the decision was made on. */
  readonly mid: Decimal;
  readonly venueOrderId: string | null;
  readonly problem: Problem | null;
  /** Whether asking again later can help; `false` after a refusal that the same order will meet again. */
  readonly retryable: boolean;
}

export type NewIntent = Omit<Intent, 'state' | 'filled' | 'venueOrderId' | 'problem' | 'retryable'> & {
  /** What the order can cost at most: reserved until it ends. */
  readonly reserve: { readonly asset: string; readonly amount: Decimal };
};

/** The decision on one slice, kept whether or not an order came of it. */
export interface NewDecision extends ChildKey {
  readonly slice: number;
  readonly dueAt: EpochMs;
  readonly decidedAt: EpochMs;
  readonly target: Decimal;
  readonly action: 'send' | 'carry' | 'deny';
  readonly reason: string | null;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly mid: Decimal;
}

/** Filled and still unsettled quantity of one execution, in base. */
export interface ExecutionPosition {
  readonly filled: Decimal;
  readonly open: Decimal;
}

/** What the risk gate reads inside the order transaction. */
export interface GateFacts {
  readonly halts: readonly Halt[];
  /** Amounts that intents of the account have reserved of which the balances may show nothing yet, by asset. */
  readonly reserved: Readonly<Record<string, Decimal>>;
  /** What is left of the reserves of orders that the venue had acknowledged before it told the balances: it should be locked there. */
  readonly resting: Readonly<Record<string, Decimal>>;
  /** What unsettled intents of the account may still trade at their limit prices, by quote currency; sells of trading sessions are left out. */
  readonly openNotional: Readonly<Record<string, Decimal>>;
  /** Orders of the account that were written down within the last 10 s and the last minute; `null` when they could not be counted. */
  readonly recentOrders: RecentOrders | null;
}

/** The transaction in which an order comes to be; orders of one account pass through it one after another. */
export interface OrderTransaction {
  /** What was decided about that child before, by another attempt of the same activity: it stands. */
  findDecision(key: ChildKey): Promise<Pick<NewDecision, 'action' | 'reason'> | null>;
  /** As it is now, with every other order of the account waiting outside. */
  position(executionId: string): Promise<ExecutionPosition>;
  /** Number of the execution's latest amendment, 0 before the first. */
  amendmentNumber(executionId: string): Promise<number>;
  /**
   * @param now our clock, which `sentAt` is written by
   * @param balancesAgeMs how long ago the balances were asked for: what orders have taken that ended since is not in them
   */
  gateFacts(now: EpochMs, balancesAgeMs: DurationMs): Promise<GateFacts>;
  /**
   * Base of its symbol that the trading session of that execution holds, less what its trades have sold since and what other sells of it may still
   * sell; `null` for an execution of no session, and where its books tell of none.
   */
  reducible(executionId: string): Promise<Decimal | null>;
  recordDecision(decision: NewDecision): Promise<void>;
  insertIntent(intent: NewIntent): Promise<void>;
}

/** How a child ended; fills are unique by (venue, symbol, trade id). */
export interface IntentEnd {
  readonly state: IntentState;
  readonly venueOrderId: string | null;
  readonly fills: readonly Fill[];
  readonly problem: Problem | null;
  /** As in `Intent`; `true` where it is left out. */
  readonly retryable?: boolean;
}

/** Orders, fills and decisions: written by whoever owns the venue account. */
export interface OrderLedger {
  position(executionId: string): Promise<ExecutionPosition>;
  findIntent(key: ChildKey): Promise<Intent | null>;
  findIntentByClientOrderId(clientOrderId: string): Promise<Intent | null>;
  /** What is stored of the trades of those orders, in base, by client order id; one without trades may be left out. */
  filledOf(clientOrderIds: readonly string[]): Promise<ReadonlyMap<string, Decimal>>;
  unsettledIntents(venue: string): Promise<readonly Intent[]>;
  orderTransaction<T>(venue: string, work: (transaction: OrderTransaction) => Promise<T>): Promise<T>;
  /** The venue has acknowledged or shown the order: from now on it can never become "not placed". */
  markWorking(key: ChildKey, venueOrderId: string): Promise<void>;
  /**
   * Ends the intent and stores its fills in one transaction; fills that a stream has stored before count as well. Ending it again the same
   * way changes nothing.
   */
  endIntent(key: ChildKey, end: IntentEnd): Promise<void>;
  /**
   * Stores trades of an order that were found apart from its end, and says how many were new. One of an order that has ended is an alarm; one
   * of an order that may not have arrived proves that it has.
   */
  addLateFills(intent: Intent, fills: readonly Fill[]): Promise<number>;
  /** Symbols of that venue for which an order was written down within the last `withinMs`. */
  recentSymbols(venue: string, withinMs: DurationMs): Promise<readonly string[]>;
}

export interface VenueProfile {
  readonly id: string;
  readonly exchange: string;
  readonly label: 'paper' | 'live';
  readonly assumptions: unknown;
  /** `candles`: the venue replays candles, and its market has the time of these; its server's clock is ours. `wall` by default. */
  readonly marketTime?: 'wall' | 'candles';
}

/** What the platform knows of its venues: instruments and health, written by the venue worker, read by the API. */
export interface VenueDirectory {
  saveVenue(profile: VenueProfile, instruments: readonly Instrument[]): Promise<void>;
  saveHealth(venue: string, health: VenueHealth): Promise<void>;
  findInstrument(venue: string, symbol: string): Promise<Instrument | null>;
  listInstruments(venue: string): Promise<readonly Instrument[]>;
  listVenues(): Promise<readonly VenueEntry[]>;
}

export interface VenueEntry {
  readonly profile: VenueProfile;
  readonly health: VenueHealth | null;
  /** Age of the health row; a large age means that no venue worker writes it. */
  readonly healthAgeMs: DurationMs | null;
  /** `null` before any venue worker has owned the account. */
  readonly owner: OwnerRecord | null;
}

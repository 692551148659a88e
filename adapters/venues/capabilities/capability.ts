import type { Exchange, Market, Order, Trade } from 'ccxt';
import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import type { PublicTrade } from '../../../domain/market/public-trade.ts';
import type { Quote } from '../../../domain/market/quote.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import type { OrderRequest, VenueOrder } from '../../../domain/orders/order.ts';
import type { RefusalReason } from '../../../domain/orders/refusal-reason.ts';
import type { AccountFacts } from '../../ports/account-facts.ts';
import type { RequestShare, WeightRule } from '../rate-budget.ts';
import type { WireAnswer } from '../wire.ts';

/** What an answer to a send means. `ambiguous`: the order may or may not be at the venue. */
export type CodeMeaning = 'refused-never' | 'refused-later' | 'ambiguous';

/** The venue's own error code and message, as they stand in an answer. */
export interface RawError {
  readonly code: string;
  readonly message: string;
}

/** What a capability may use: the ccxt exchange, and a way to call it that keeps to the rate budget. */
export interface VenueCalls {
  readonly exchange: Exchange;
  readonly now: () => EpochMs;
  /**
   * Runs one request.
   * @param weight what the venue counts for it
   * @throws {VenueReadError} carrying the venue's raw code
   */
  call<T>(share: RequestShare, weight: number, request: () => Promise<T>): Promise<T>;
}

/** The public tape of a venue whose trade ids are whole numbers without gaps. */
export interface TapeSource {
  /** Most trades that one page holds. */
  readonly pageSize: number;
  /** Id of the first print at or after `at`; `null` when there is none. May be somewhat early, never late. */
  firstIdSince(at: EpochMs): Promise<number | null>;
  /** A page of prints in order of id, beginning with the first whose id is not below `id`. */
  pageFrom(id: number, limit: number): Promise<readonly PublicTrade[]>;
  /** The newest print; `null` while the market has none. */
  latest(): Promise<PublicTrade | null>;
}

/**
 * All that Tradewind needs to know of one exchange beyond what ccxt unifies. A member is one file; whatever it leaves out comes from
 * `generic.ts`, which assumes nothing.
 */
export interface VenueCapability {
  /** Whether the venue itself refuses an order that arrives after a deadline inside the signed request. */
  readonly hasOrderDeadline: boolean;
  /** Whether the venue takes orders that may only wait in the book, and refuses them where they would take. */
  readonly hasPostOnly: boolean;
  /** Whether the venue takes limit orders that sleep until the market trades at their trigger, and shows them as orders like any other. */
  readonly hasStopOrders: boolean;
  /** How many such orders of a symbol one account may have open, from what the venue tells of the symbol; `null` where it does not say. */
  stopOrderLimit(market: Market): number | null;
  /** Whether ccxt's limiter stays on. Off where the venue tells the weight used: our budget then follows the venue itself. */
  readonly usesCcxtLimiter: boolean;
  /** ccxt options that differ from ccxt's defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly weights: WeightRule | null;
  /** Weight of loading all markets and of one clock sample. */
  readonly costs: {
    readonly markets: number;
    readonly time: number;
    readonly order: number;
    readonly balances: number;
  };
  /** Weight limit per minute from the answer that lists the markets; `null` when it does not say. */
  weightLimitFrom(answer: WireAnswer): number | null;
  /** The venue's error code in an answer; `null` when there is none. */
  readRawError(answer: WireAnswer): RawError | null;
  /** What an error code means for a send; `null` for a code that the table does not know. */
  meaningOf(error: RawError): CodeMeaning | null;
  /** Which refusal of those that the platform acts upon an error is; `null` for every other, and for what is no refusal. */
  reasonOf(error: RawError): RefusalReason | null;
  /** What an answer without a code means for a send, by its HTTP status; `null` when that decides nothing. */
  meaningOfStatus(status: number): CodeMeaning | null;
  /** Whether an error says clearly that the order asked for does not exist. */
  saysNoSuchOrder(error: RawError): boolean;
  /** Whether an error says that our clock is off. */
  saysClockOff(error: RawError): boolean;
  /** ccxt's extra parameters for a send. */
  sendParameters(order: OrderRequest, timestamp: EpochMs, recvWindowMs: DurationMs): Record<string, unknown>;
  /** The trades that the answer to a send tells; none where it tells none, or not all that a trade needs. Never throws. */
  fillsInAnswer(answer: Order, order: VenueOrder): readonly Fill[];
  quote(calls: VenueCalls, market: Market): Promise<Quote>;
  /** What the venue says of the account and of our key to it. */
  accountFacts(calls: VenueCalls): Promise<AccountFacts>;
  cancel(calls: VenueCalls, market: Market, clientOrderId: string): Promise<void>;
  findByClientOrderId(calls: VenueCalls, market: Market, clientOrderId: string): Promise<VenueOrder | null>;
  findByOrderId(calls: VenueCalls, market: Market, orderId: string): Promise<VenueOrder | null>;
  /** Of all symbols where the market is `undefined`. */
  openOrders(calls: VenueCalls, market: Market): Promise<readonly VenueOrder[]>;
  ordersSince(calls: VenueCalls, market: Market, since: EpochMs): Promise<readonly VenueOrder[]>;
  fillsOfOrder(calls: VenueCalls, market: Market, orderId: string): Promise<readonly Fill[]>;
  fillsSince(calls: VenueCalls, market: Market, since: EpochMs): Promise<readonly Fill[]>;
  /** `null` for a venue whose tape cannot be paged by id. */
  tape(calls: VenueCalls, market: Market): TapeSource | null;
  readonly streams: StreamCapability;
}

/** What the streams of an exchange need beyond what ccxt unifies. */
export interface StreamCapability {
  /** ccxt options of a streaming client, besides those of the venue. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Levels that are kept of a book; `undefined` for as many as the exchange gives. */
  readonly bookDepth: number | undefined;
  /** Request weight of one book snapshot. */
  readonly snapshotWeight: number;
  /** ccxt's addresses of streams with `ws`, e.g. `ws://127.0.0.1:9000`, in place of the exchange's own. */
  redirected(addresses: unknown, ws: string): unknown;
  /** Resolves once the venue has promised to send the account's events; at once where it cannot be known. */
  subscribeAccount(exchange: Exchange): Promise<void>;
  /** The candle that a streamed message says has closed; `null` for any other message, and where the venue tells only what a candle is so far. */
  closedCandleIn(exchange: Exchange, message: unknown): ClosedCandleName | null;
  /** Our id of the order that a streamed trade of ours belongs to; `null` where the message bears none. */
  clientOrderIdOf(trade: Trade): string | null;
}

/** Which candle. */
export interface ClosedCandleName {
  readonly symbol: string;
  readonly timeframe: string;
  readonly openAt: EpochMs;
}

export type { Exchange, Market };

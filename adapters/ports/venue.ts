import type { ConsistencyTimes } from '../../domain/orders/conclusive-negative.ts';
import type { Decimal, DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import type { PublicTrade } from '../../domain/market/public-trade.ts';
import type { Quote } from '../../domain/market/quote.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { OrderRequest, VenueOrder } from '../../domain/orders/order.ts';

export type { ConsistencyTimes };

export interface Balance {
  readonly asset: string;
  readonly free: Decimal;
  readonly locked: Decimal;
}

/** Balances that may have been asked for on behalf of an earlier order. */
export interface RecentBalances {
  readonly balances: readonly Balance[];
  /** Whether they were asked for on behalf of another order. */
  readonly shared: boolean;
  /** How long ago they were asked for, by a clock that nobody sets: what has ended since then is not in them. */
  readonly ageMs: () => DurationMs;
}

/** What became of one send. `unknown` means that the order may or may not rest at the venue. */
export type SendOutcome =
  | {
      readonly kind: 'acknowledged';
      readonly order: VenueOrder;
      /** Trades that the answer tells; left out where it tells none. They may be fewer than what `order` says it filled. */
      readonly fills?: readonly Fill[];
    }
  | {
      readonly kind: 'refused';
      /** A `RefusalReason` where the refusal is one of those; else the venue's raw code as text, e.g. `"-2010"`. */
      readonly code: string;
      readonly message: string;
      /** `never`: the same order will be refused again; `later`: a rate limit, clock or market state stands in the way. */
      readonly retry: 'never' | 'later';
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Trades of the public tape on a closed interval, or why they cannot be had complete. */
export type TapeReading =
  | {
      readonly complete: true;
      /** In order of id, without a gap, all with `from <= at <= to`. */
      readonly trades: readonly PublicTrade[];
      /** The last print before the interval: the price that stands at its start. `null` when the tape has none. */
      readonly before: PublicTrade | null;
    }
  | { readonly complete: false; readonly reason: string };

export interface VenueHealth {
  readonly status: 'up' | 'degraded' | 'down';
  /** Venue clock minus ours; `null` before the first measurement. */
  readonly clockOffsetMs: number | null;
  readonly lastOkAt: EpochMs | null;
  readonly lastErrorAt: EpochMs | null;
  readonly lastError: string | null;
  /** Request weight used in the running minute as the venue counts it, and its limit; `null` where it tells none. */
  readonly usedWeight: number | null;
  readonly weightLimit: number | null;
}

/** A read that failed: nothing is known, ask again. Carries the venue's raw code where there was one. */
export class VenueReadError extends Error {
  readonly code: string | null;
  /** How long the venue asks us to wait, where it says so. */
  readonly retryAfterMs: DurationMs | null;
  constructor(
    message: string,
    details: { code?: string | null; retryAfterMs?: DurationMs | null; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'VenueReadError';
    this.code = details.code ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
  }
}

/** The public side of a venue: needs no credentials. Every method throws `VenueReadError` when the venue gives no usable answer. */
export interface MarketReader {
  readonly venueId: string;
  instruments(): Promise<readonly Instrument[]>;
  /** Timeframes that the venue has candles of, known without asking it; none when it gives no candles. */
  candleTimeframes(): readonly string[];
  /** Best bid and ask now. */
  quote(symbol: string): Promise<Quote>;
  /** Whether the venue takes orders that sleep until the market trades at their trigger. */
  readonly hasStopOrders: boolean;
  /** How many such orders of a symbol one account may have open; `null` where the venue does not tell. */
  stopOrderLimit(symbol: string): Promise<number | null>;
  /** Public trades with `fromMs <= at <= toMs` in venue time, paged by id and checked for gaps. */
  tape(symbol: string, fromMs: EpochMs, toMs: EpochMs): Promise<TapeReading>;
  /** Venue time: our clock plus the measured offset. Throws before `measureClock` has succeeded once. */
  venueNow(): EpochMs;
  /** Measures the venue's clock against ours (median of several samples) and keeps the offset, in ms. */
  measureClock(): Promise<number>;
  health(): VenueHealth;
  close(): Promise<void>;
}

/** One account at one venue. Reads throw `VenueReadError`; `send` never throws. */
export interface VenueAccount extends MarketReader {
  readonly consistency: ConsistencyTimes;
  /**
   * Whether the venue refuses an order that arrives too late after its timestamp. Where it does not, an order that no look-up
   * finds may still arrive, so "not placed" is never concluded.
   */
  readonly hasOrderDeadline: boolean;
  /** Whether the venue takes orders that may only wait in the book, and refuses them where they would take. */
  readonly hasPostOnly: boolean;
  balances(): Promise<readonly Balance[]>;
  /** Balances that were asked for at most `maxAgeMs` ago; with 0 anew. */
  recentBalances(maxAgeMs: DurationMs): Promise<RecentBalances>;
  /**
   * Sends one order exactly once, signed with `timestamp` (venue time), so that the venue itself refuses it once
   * `timestamp + windowMs` has passed, however late the bytes leave this process. The window is at most the receive window of the
   * venue's consistency times, which is the default.
   */
  send(order: OrderRequest, timestamp: EpochMs, windowMs?: DurationMs): Promise<SendOutcome>;
  /** Asks for a cancel. `unknown order` counts as done: the caller looks the order up afterwards in any case. */
  cancel(symbol: string, clientOrderId: string): Promise<void>;
  /** The order with that client id, or `null` when the venue says that there is none. */
  findByClientOrderId(symbol: string, clientOrderId: string): Promise<VenueOrder | null>;
  /** The order with the venue's own id, or `null` when the venue says that there is none. */
  findByOrderId(symbol: string, orderId: string): Promise<VenueOrder | null>;
  /** Of one symbol, or of the whole account with `null`. */
  openOrders(symbol: string | null): Promise<readonly VenueOrder[]>;
  /** All orders accepted since `sinceMs` (venue time), whatever became of them. */
  ordersSince(symbol: string, sinceMs: EpochMs): Promise<readonly VenueOrder[]>;
  /** Our own trades of one order. */
  fillsOfOrder(symbol: string, orderId: string): Promise<readonly Fill[]>;
  /** Our own trades since `sinceMs` (venue time), all pages. */
  fillsSince(symbol: string, sinceMs: EpochMs): Promise<readonly Fill[]>;
}

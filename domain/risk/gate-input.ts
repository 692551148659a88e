import type { Decimal, DurationMs, EpochMs } from '../market/decimal.ts';
import type { Quote } from '../market/quote.ts';
import type { Side } from '../orders/order.ts';

/** The order that asks to pass: what would be sent, and where. */
export interface GateOrder {
  readonly venue: string;
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly side: Side;
  /** Base. */
  readonly quantity: Decimal;
  /** Limit price, in quote per base. */
  readonly price: Decimal;
  /** Trigger of a stop order; `null` for an order that may trade at once. */
  readonly stopPrice: Decimal | null;
  /** It only sells what is held, to protect it: so it says. */
  readonly reduceOnly: boolean;
}

/** A stop that somebody or something has set. It is in force until it is lifted by hand, however old it is. */
export interface Halt {
  readonly id: string;
  readonly scope: 'all' | 'venue' | 'symbol';
  /** Venue id or unified symbol; `null` for scope `all`. */
  readonly target: string | null;
  readonly reason: string;
  readonly setAt: EpochMs;
}

/** An amount of the two assets that an order touches. */
export interface AssetAmounts {
  readonly base: Decimal;
  readonly quote: Decimal;
}

/** The limits' own settings; `null` = not set, which denies. */
export interface GateConfig {
  /** How far a limit price may lie beyond the mid on its costly side. */
  readonly collarBps: Decimal | null;
  /** What one unit of each quote currency counts towards the two limits on notional: above 0. A currency without a rate may not be traded. */
  readonly quoteRates: Readonly<Record<string, Decimal>> | null;
  /** In the currency whose rate is 1. */
  readonly maxOrderNotional: Decimal | null;
  readonly maxQuoteAgeMs: DurationMs | null;
  /** Of all unsettled orders of one account together, in the currency whose rate is 1. */
  readonly maxOpenNotional: Decimal | null;
  /** Unified symbols; `all` for whatever the venue lists. */
  readonly allowedSymbols: readonly string[] | 'all' | null;
  /** Orders of one account within 10 s. */
  readonly maxOrdersPer10s: number | null;
  /** Orders of one account within a minute. */
  readonly maxOrdersPerMinute: number | null;
}

/** Orders of an account that were written down lately. */
export interface RecentOrders {
  readonly last10s: number;
  readonly lastMinute: number;
}

/**
 * All that the gate looks at: plain values, read in the transaction that would insert the intent. What could not be read
 * is `null` and denies; it is never left out and never guessed.
 */
export interface GateInput {
  /** Venue time, on the same clock as `quote.at`. */
  readonly now: EpochMs;
  readonly order: GateOrder;
  readonly quote: Quote | null;
  /** All halts in force; those of other venues and symbols may be among them. */
  readonly halts: readonly Halt[] | null;
  /** Free at the venue. */
  readonly balances: AssetAmounts | null;
  /** Held back for intents of ours that are open or unresolved and may not yet show in `balances`. */
  readonly reserved: AssetAmounts | null;
  /** What unsettled orders of the account may still trade, over all quote currencies at their rates; sells of trading sessions are not among them. */
  readonly openNotional: Decimal | null;
  /** Base that the trading session of the order holds and has not offered otherwise; `null` where no session's books prove any. */
  readonly reducible: Decimal | null;
  readonly recentOrders: RecentOrders | null;
  /** Fee to hold back on top of a buy, as a ratio of its notional, e.g. `"0.001"` for 10 bps. */
  readonly feeRate: Decimal | null;
  readonly config: GateConfig;
}

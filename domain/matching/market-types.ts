import type { Decimal, DurationMs, EpochMs } from '../market/decimal.ts';
import type { Side } from '../orders/order.ts';
import type { Level } from './feed.ts';

/** How our own trading displaces the outside book. */
export interface ImpactModel {
  /** Share of a fill's displacement that never fades, 0 to 1. */
  readonly permanent: number;
  /** Time in which the rest of it halves, in venue (wall) time. */
  readonly halfLifeMs: DurationMs;
}

export interface MarketConfig {
  readonly symbol: string;
  readonly tick: Decimal;
  readonly lot: Decimal;
  readonly impact: ImpactModel;
}

/** An order as the market takes it: already checked against filters and balances by the venue above it. */
export interface MarketOrder {
  readonly orderId: number;
  readonly side: Side;
  readonly quantity: Decimal;
  /** `null` is a market order. */
  readonly price: Decimal | null;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK';
  /** Post-only: refused when it would take. */
  readonly postOnly: boolean;
}

/** A limit order that comes to the market only once the tape has reached a price. */
export interface StopOrder {
  readonly orderId: number;
  readonly side: Side;
  readonly quantity: Decimal;
  /** The worst price at which it may trade once it is triggered. */
  readonly price: Decimal;
  /** A print at this price or below triggers a sell, at this price or above a buy. */
  readonly stop: Decimal;
  /** What becomes, once it is triggered, of what does not trade at once. */
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK';
}

/** One fill of one of our orders. A trade between two of our orders gives two fills with one trade id, one of them the maker's. */
export interface MarketFill {
  readonly orderId: number;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly maker: boolean;
  /** Position of its print on the public tape. */
  readonly tradeId: number;
  /** `sourceId` of the feed's trade that filled a resting order; `null` for every other fill. */
  readonly sourceId: number | null;
  readonly at: EpochMs;
}

/** One print of the public tape: recorded and our own in one gapless sequence. */
export interface TapePrint {
  readonly tradeId: number;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly buyerIsMaker: boolean;
  readonly at: EpochMs;
  /** `sourceId` of the feed's trade that this print is, or is a part of; `null` for a print that only our trading made. */
  readonly sourceId: number | null;
  /** Whether one of the venue's own accounts took part. */
  readonly ours: boolean;
}

/** What one step did: the fills of our orders and the new prints of the tape, both in the order in which they happened. */
export interface MarketChange {
  readonly fills: readonly MarketFill[];
  readonly prints: readonly TapePrint[];
}

/**
 * What became of a new order. `fills` holds its own fills and those of any other of our orders that traded in the same step:
 * look at `orderId`. `remaining` is what rests (`rested`), or what will never trade (`expired`, `would-take`).
 */
export interface Submission extends MarketChange {
  readonly outcome: 'rested' | 'filled' | 'expired' | 'would-take';
  readonly remaining: Decimal;
}

/** A stop order whose price the tape has reached, and what became of it on the market. */
export interface TriggeredStop extends Submission {
  readonly orderId: number;
}

/** An order that rests in the market, as it must be put back after a restart. */
export interface RestingOrder {
  readonly orderId: number;
  readonly side: Side;
  readonly price: Decimal;
  readonly remaining: Decimal;
}

export interface DepthView {
  /** Rises with every change, of the outside book and of ours. */
  readonly lastUpdateId: number;
  /** Best first. */
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** How the public book has changed over a span of update ids: absolute quantities, `"0"` where a level is gone. */
export interface BookUpdate {
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  /** Best first. */
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

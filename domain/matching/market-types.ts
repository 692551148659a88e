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

/** One fill of one of our orders. */
export interface MarketFill {
  readonly orderId: number;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly maker: boolean;
  /** Position of its print on the public tape. */
  readonly tradeId: number;
  /** Id of the recorded print that filled a resting order; `null` for a fill against displayed depth or a synthetic print. */
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
  readonly sourceId: number | null;
  /** Whether one of the venue's own accounts took part. */
  readonly ours: boolean;
}

export type Submission =
  | { readonly outcome: 'rested' | 'filled' | 'expired'; readonly fills: readonly MarketFill[]; readonly remaining: Decimal }
  | { readonly outcome: 'would-take'; readonly fills: readonly []; readonly remaining: Decimal };

export interface DepthView {
  readonly lastUpdateId: number;
  /** Best first. */
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

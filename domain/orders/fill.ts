import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Side } from './order.ts';

/**
 * One trade of one order of ours, as the venue reports it. Unique by (venue, symbol, tradeId, orderId): when two orders of ours trade with each other,
 * both have that trade.
 */
export interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly fee: Decimal;
  readonly feeAsset: string;
  readonly maker: boolean;
  readonly at: EpochMs;
}

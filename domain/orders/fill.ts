import type { Decimal, EpochMs } from '../market/decimal.ts';
import type { Side } from './order.ts';

/** One trade of ours, as the venue reports it. Unique by (venue, symbol, tradeId). */
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

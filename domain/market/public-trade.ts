import type { Decimal, EpochMs } from './decimal.ts';

/** One print of a venue's public tape. */
export interface PublicTrade {
  /** The venue's trade id: whole numbers that rise by one from print to print, as text. */
  readonly tradeId: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly at: EpochMs;
}

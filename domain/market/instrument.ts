import type { Decimal } from './decimal.ts';

/** What a venue trades under one symbol, with the steps and minimums that its orders must obey, all exact. */
export interface Instrument {
  /** Unified symbol, `BASE/QUOTE`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Price step, in quote per base. */
  readonly tick: Decimal;
  /** Quantity step, in base. */
  readonly lot: Decimal;
  /** Least quantity of one order, in base. */
  readonly minQuantity: Decimal;
  /** Largest quantity of one order, in base; `null` where the venue names none. */
  readonly maxQuantity: Decimal | null;
  /** Least price times quantity of one order, in quote. */
  readonly minNotional: Decimal;
}

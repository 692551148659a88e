import Big from 'big.js';
import { type Decimal, type EpochMs, toText } from './decimal.ts';

/** The best bid and ask of a book at one instant. */
export interface Quote {
  readonly bid: Decimal;
  readonly bidQuantity: Decimal;
  readonly ask: Decimal;
  readonly askQuantity: Decimal;
  /** Venue time at which the quote was read. */
  readonly at: EpochMs;
}

/** The price half way between best bid and best ask, exact. */
export function midOf(quote: Pick<Quote, 'bid' | 'ask'>): Decimal {
  return toText(new Big(quote.bid).plus(quote.ask).div(2));
}

import Big from 'big.js';
import { type Decimal, decimal, toText } from '../market/decimal.ts';
import type { GateConfig } from './gate-input.ts';
import { nonNegative } from './amounts.ts';

/** What one unit of a quote currency counts towards the limits on notional; `null` where nobody has said it. Throws a `RangeError` for one that is not above 0. */
export function rateOf(rates: GateConfig['quoteRates'], quote: string): Big | null {
  const rate = rates !== null && Object.hasOwn(rates, quote) ? rates[quote]! : null;
  if (rate === null) return null;
  const value = decimal(rate);
  if (value.lte(0)) throw new RangeError(`quoteRates.${quote} ${rate} must be above 0`);
  return value;
}

/**
 * Amounts in several quote currencies as one, in the currency of the limits.
 *
 * @returns `null` when one of them has no rate: then their sum is not known
 */
export function sumAtRates(
  amounts: Readonly<Record<string, Decimal>>,
  rates: GateConfig['quoteRates'],
): Decimal | null {
  let sum = new Big(0);
  for (const [quote, amount] of Object.entries(amounts)) {
    const value = nonNegative(`amount of ${quote}`, amount);
    if (value.eq(0)) continue;
    const rate = rateOf(rates, quote);
    if (rate === null) return null;
    sum = sum.plus(value.times(rate));
  }
  // Up, since it is held against a limit: products may have more decimals than decimal text.
  return toText(sum.round(18, Big.roundUp));
}

/** What an order is refused with whose quote currency has no rate. */
export function rateUnset(quote: string): string {
  return `What one ${quote} counts towards the limits on notional is not set. Set quoteRates for ${quote}.`;
}

/** A notional as a sentence has it: in the quote currency where that counts as it is, else with its rate. */
export function inWords(amount: Big, quote: string, rate: Big): string {
  return rate.eq(1) ? `${toText(amount)} ${quote}` : `${toText(amount)} (each ${quote} counts ${toText(rate)})`;
}

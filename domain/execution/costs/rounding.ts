import Big from 'big.js';
import { type Decimal, toText } from '../../market/decimal.ts';

/** Decimals of a rounded price: average price, VWAP, TWAP. */
export const PRICE_DECIMALS = 12;
/** Decimals of a rounded figure in basis points. */
export const BPS_DECIMALS = 6;
/** Decimals of a rounded ratio (a share of one, not a percent). */
export const RATIO_DECIMALS = 10;

/**
 * `numerator / denominator` as text, rounded once and half away from zero (so that a buy and the mirrored sell get the same
 * figure) to `decimals` places. Throws when the denominator is zero: say first why the figure is undefined.
 */
export function roundedQuotient(numerator: Big, denominator: Big, decimals: number): Decimal {
  // A constructor of its own: the decimals of a division are a setting of the constructor, and the shared one is not ours to change.
  const Rounding = Big();
  Rounding.DP = decimals;
  Rounding.RM = Big.roundHalfUp;
  return toText(new Rounding(numerator.toFixed()).div(denominator.toFixed()));
}

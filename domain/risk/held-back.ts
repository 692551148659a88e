import Big from 'big.js';
import { type Decimal, toText } from '../market/decimal.ts';
import { nonNegative } from './amounts.ts';

/**
 * What is to be held back of a free balance for other orders of ours: all of what the venue may not have heard of yet, and of what rests there only
 * the part that it does not show as locked, such as a fee. What it locks it has taken out of `free` itself.
 *
 * @param reserved of orders that the balances may show nothing of
 * @param resting of orders that had been acknowledged before the balances were asked for, as far as they may still trade
 * @param locked what the balances show as locked, by whomever
 */
export function heldBack(reserved: Decimal, resting: Decimal, locked: Decimal): Decimal {
  const unlocked = nonNegative('resting', resting).minus(nonNegative('locked', locked));
  const rest = unlocked.gt(0) ? unlocked : new Big(0);
  return toText(nonNegative('reserved', reserved).plus(rest).round(18, Big.roundUp));
}

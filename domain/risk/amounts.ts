import type Big from 'big.js';
import { type Decimal, decimal, isDecimal } from '../market/decimal.ts';

/** Whether `value` is plain decimal text above zero. */
export function isPositive(value: unknown): boolean {
  return isDecimal(value) && decimal(value).gt(0);
}

/** Parses an amount that cannot be below zero. Throws a `RangeError` that names the field: a negative reserve would free money. */
export function nonNegative(field: string, value: Decimal): Big {
  const amount = decimal(value);
  if (amount.lt(0)) throw new RangeError(`${field} ${value} is below zero`);
  return amount;
}

import Big from 'big.js';
import { type Decimal, isDecimal, toText } from '../../domain/market/decimal.ts';

/**
 * The plain decimal text of a number that ccxt hands over: exponents are written out exactly, trailing zeros dropped. ccxt runs
 * with `number = String`, so a JavaScript number is met only where an exchange puts bare numbers into its JSON; its shortest
 * text is then the one that the exchange wrote, up to 15 digits.
 * @param field what the number is, for the error message
 * @throws {RangeError} when it is no number, or has more than 24 whole digits or 18 decimals
 */
export function exactText(value: unknown, field: string): Decimal {
  if (typeof value === 'string' || typeof value === 'number') {
    try {
      const text = toText(new Big(value));
      if (isDecimal(text)) return text;
    } catch {
      // Falls to the error below, which names the field.
    }
  }
  throw new RangeError(`${field} is ${JSON.stringify(value)}, which is no decimal number`);
}

/** Like `exactText`, with `null` for a number that is absent. */
export function exactTextOrNull(value: unknown, field: string): Decimal | null {
  return value === undefined || value === null || value === '' ? null : exactText(value, field);
}

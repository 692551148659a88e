import Big from 'big.js';

/**
 * An exact decimal number as text, e.g. `"0.00105"`: the only form in which money, prices and quantities cross an edge.
 * Never a binary float. Inside a function it is a `Big`.
 */
export type Decimal = string;

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** A length of time in milliseconds. */
export type DurationMs = number;

const DECIMAL = /^-?\d{1,24}(\.\d{1,18})?$/;

/** Whether `value` is text of a plain decimal number: no exponent, no sign but a leading minus, at most 18 decimals. */
export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'string' && DECIMAL.test(value);
}

/** Parses text to a `Big`. Throws a `RangeError` that names the text when it is no plain decimal number. */
export function decimal(value: Decimal): Big {
  if (!isDecimal(value)) throw new RangeError(`"${String(value)}" is not a plain decimal number such as "12.5"`);
  return new Big(value);
}

/** Writes a `Big` as plain text without an exponent and without trailing zeros; minus zero becomes `"0"`. */
export function toText(value: Big): Decimal {
  return value.eq(0) ? '0' : value.toFixed();
}

/** The largest multiple of `step` that is not above `value` (towards minus infinity). `step` must be positive. */
export function floorToStep(value: Big, step: Big): Big {
  const multiples = value.div(step).round(0, Big.roundDown);
  const floored = multiples.times(step);
  return floored.gt(value) ? floored.minus(step) : floored;
}

/** The smallest multiple of `step` that is not below `value` (towards plus infinity). `step` must be positive. */
export function ceilToStep(value: Big, step: Big): Big {
  const floored = floorToStep(value, step);
  return floored.eq(value) ? floored : floored.plus(step);
}

/** The smaller of two decimals. */
export function minOf(a: Big, b: Big): Big {
  return a.lt(b) ? a : b;
}

/** The larger of two decimals. */
export function maxOf(a: Big, b: Big): Big {
  return a.gt(b) ? a : b;
}

/** The sum of decimals given as text, exact. An empty list sums to `"0"`. */
export function sumOf(values: Iterable<Decimal>): Decimal {
  let total = new Big(0);
  for (const value of values) total = total.plus(value);
  return toText(total);
}

/** `a - b`, exact. */
export function difference(a: Decimal, b: Decimal): Decimal {
  return toText(decimal(a).minus(b));
}

/** -1, 0 or 1 as `a` is below, equal to or above `b`: `"1.0"` equals `"1"`. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  return decimal(a).cmp(b);
}

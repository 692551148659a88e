const ZERO = 48;
const NINE = 57;
const DOT = 46;
const PLUS = 43;
const MINUS = 45;

/** Up to so many significant digits a decimal's digits are a whole number below 2^53. */
const EXACT_DIGITS = 15;
/** Powers of ten that a binary float holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/** The characters `from` (included) to `to` (not included) as text; bytes above 127 become one character each. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i += 1) text += String.fromCharCode(bytes[i]!);
  return text;
}

/**
 * The decimal number in `bytes[from, to)`, the nearest binary float to what is written; NaN for anything else, the words "NaN" and
 * "Infinity" and empty text included.
 *
 * The digits as a whole number and the power of ten are both exact, so that their one division rounds correctly; longer
 * numbers and exponents go through `Number`. @see W. D. Clinger, How to read floating point numbers accurately, 1990
 */
export function parseNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const negative = bytes[at] === MINUS;
  if (at < to && (negative || bytes[at] === PLUS)) at += 1;
  let mantissa = 0;
  let significant = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < to; at += 1) {
    const byte = bytes[at]!;
    if (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      digits += 1;
      if (mantissa !== 0) significant += 1;
      if (decimals >= 0) decimals += 1;
    } else if (byte === DOT && decimals < 0) decimals = 0;
    else return parseSlowly(bytes, from, to);
  }
  if (digits === 0) return Number.NaN;
  if (significant > EXACT_DIGITS || decimals >= POWERS.length) return parseSlowly(bytes, from, to);
  const value = decimals > 0 ? mantissa / POWERS[decimals]! : mantissa;
  return negative ? -value : value;
}

function parseSlowly(bytes: Uint8Array, from: number, to: number): number {
  const text = textOf(bytes, from, to);
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

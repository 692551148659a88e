import { type Decimal, decimal, isDecimal } from '../domain/market/decimal.ts';

/** A configuration that cannot be used; the message names the field, its value and what to do. */
export class ConfigError extends Error {
  constructor(field: string, value: unknown, advice: string) {
    super(`simulator configuration: ${field} is ${JSON.stringify(value) ?? 'missing'}; ${advice}`);
    this.name = 'ConfigError';
  }
}

/** The fields of a configuration object before they are checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** An object with any fields. */
export function asObject(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(field, value, 'an object is needed here');
  }
  return value as Fields;
}

/** Text that is not empty; a `secret` is not repeated in the message. */
export function text(value: unknown, field: string, secret = false): string {
  if (typeof value !== 'string' || value === '') {
    throw new ConfigError(field, secret ? '(hidden)' : value, 'give text that is not empty');
  }
  return value;
}

export function yesOrNo(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw new ConfigError(field, value, 'give true or false');
  return value;
}

/** A number from `least` to `most`. */
export function number(value: unknown, field: string, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new ConfigError(field, value, `give a number from ${least} to ${most}`);
  }
  return value;
}

/** A whole number from `least` to `most`. */
export function integer(value: unknown, field: string, least: number, most: number): number {
  const read = number(value, field, least, most);
  if (!Number.isInteger(read)) throw new ConfigError(field, value, 'give a whole number');
  return read;
}

/** Money is decimal text; a JSON number is taken as well when it is written without an exponent. */
export function amountText(value: unknown, field: string): Decimal {
  const read = typeof value === 'number' ? String(value) : value;
  if (!isDecimal(read)) throw new ConfigError(field, value, 'give a decimal number as text, for example "0.01"');
  return read;
}

/** An exact amount above 0. */
export function positive(value: unknown, field: string): Decimal {
  const read = amountText(value, field);
  if (!decimal(read).gt(0)) throw new ConfigError(field, value, 'give a number above 0');
  return read;
}

/** Basis points from 0 to 1000, exact. */
export function bps(value: unknown, field: string): Decimal {
  const read = amountText(value, field);
  if (decimal(read).lt(0) || decimal(read).gt(1_000))
    throw new ConfigError(field, value, 'give basis points from 0 to 1000');
  return read;
}

/** How many decimals an amount needs. */
export function decimals(value: Decimal): number {
  return value.includes('.') ? value.replace(/0+$/, '').length - value.indexOf('.') - 1 : 0;
}

/** Refuses a list in which something stands twice. */
export function refuseRepeats(values: readonly string[], field: string): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw new ConfigError(field, repeated, 'each must appear once');
}

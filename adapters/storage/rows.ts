import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Decimal } from '../../domain/market/decimal.ts';
import Big from 'big.js';

/** `numeric` comes with the scale it was stored with ("5.00"): one number, one text. */
export function exact(value: string): Decimal {
  return new Big(value).toFixed();
}

export function exactOrNull(value: string | null): Decimal | null {
  return value === null ? null : exact(value);
}

export function epochMs(value: Date): EpochMs {
  return value.getTime();
}

export function epochMsOrNull(value: Date | null): EpochMs | null {
  return value === null ? null : value.getTime();
}

/** The row that a query must give. */
export function only<T>(rows: readonly T[]): T {
  const row = rows[0];
  if (row === undefined) throw new Error('the database gave no row where there must be one');
  return row;
}

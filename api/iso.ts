import type { EpochMs } from '../domain/market/decimal.ts';

/** An instant as the API writes it: ISO 8601 in UTC, with milliseconds. `null` stays `null`. */
export function iso(at: EpochMs): string;
export function iso(at: EpochMs | null): string | null;
export function iso(at: EpochMs | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

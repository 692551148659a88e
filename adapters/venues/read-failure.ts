import { VenueReadError } from '../ports/venue.ts';
import type { VenueCapability } from './capabilities/capability.ts';
import type { WireRecord } from './wire.ts';

/** The failure of a read in the port's terms, with the venue's own code and message where it gave them. */
export function toReadError(error: unknown, record: WireRecord, capability: VenueCapability): VenueReadError {
  if (error instanceof VenueReadError) return error;
  const raw = record.answer === null ? null : capability.readRawError(record.answer);
  if (raw !== null) {
    return new VenueReadError(`the venue answered ${raw.code}: ${raw.message}`, {
      code: raw.code,
      retryAfterMs: retryAfterMs(record),
      cause: error,
    });
  }
  const status = record.answer !== null && record.answer.status >= 400 ? String(record.answer.status) : null;
  const text = status === null ? messageOf(error) : `the venue answered HTTP ${status}`;
  return new VenueReadError(text, {
    code: status ?? record.failureCode,
    retryAfterMs: retryAfterMs(record),
    cause: error,
  });
}

/** An error's message without the query of a signed address, which would fill logs with signatures. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/(https?:\/\/[^\s?]+)\?\S*/g, '$1').slice(0, 300);
}

function retryAfterMs(record: WireRecord): number | null {
  const seconds = Number(record.answer?.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.ceil(seconds * 1000) : null;
}

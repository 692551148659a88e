import type { StreamHealthEntry } from '../adapters/ports/stream-health.ts';
import type { DurationMs } from '../domain/market/decimal.ts';
import { iso } from './iso.ts';

/** Figures older than this say nothing: the market-data worker writes them every second while it lives. */
const FRESH_MS: DurationMs = 15_000;

/** A stream as the API shows it: `unknown` when nobody has looked lately. */
export function streamView(stream: StreamHealthEntry) {
  return {
    ...stream,
    status: stream.ageMs > FRESH_MS ? 'unknown' : stream.status,
    exchangeAt: iso(stream.exchangeAt),
    receivedAt: iso(stream.receivedAt),
  };
}

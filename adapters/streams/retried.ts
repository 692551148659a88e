import type { DurationMs } from '../../domain/market/decimal.ts';
import { VenueReadError } from '../ports/venue.ts';
import { pause } from '../abortable.ts';

const FIRST_PAUSE_MS: DurationMs = 500;
const LONGEST_PAUSE_MS: DurationMs = 10_000;

/** Does `work` until it succeeds, with growing pauses and after as long as a venue asks for; rejects once `signal` aborts. */
export async function retried(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
    signal.throwIfAborted();
    try {
      await work();
      return;
    } catch (error) {
      const asked = error instanceof VenueReadError ? (error.retryAfterMs ?? 0) : 0;
      await pause(Math.max(wait, asked), signal);
    }
  }
}

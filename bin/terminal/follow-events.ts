import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './client.ts';
import { ApiRefusal, isPassing } from './errors.ts';
import { readEventLines } from './event-lines.ts';

const AGAIN_MS = 1_000;
/** How long an API that does not answer is waited for: a restart takes seconds. */
const PATIENCE_MS = 120_000;

/** An event as the API shows it. */
export interface EventView {
  readonly id: number;
  readonly kind: string;
  readonly subject: string;
  readonly at: string;
  readonly payload: unknown;
}

/** Events are missing: what was asked for is kept no more. */
export interface ResetView {
  readonly reset: { readonly reason: string; readonly asked: number; readonly goesOnAfter: number };
}

export interface EventQuery {
  readonly after: number | undefined;
  readonly subject: string | undefined;
  readonly kind: string | undefined;
  /** Ends the following. */
  readonly stop?: AbortSignal;
}

/**
 * Events as they happen, each once. Outlives a restart of the API and goes on behind the last event that came; throws when the API stays away
 * for two minutes, or refuses.
 */
export async function* followEvents(
  client: Pick<ApiClient, 'openStream'>,
  { after, subject, kind, stop }: EventQuery,
): AsyncGenerator<EventView | ResetView> {
  let last = after === undefined ? null : String(after);
  let answeredAt = performance.now();
  const isStopped = (): boolean => stop?.aborted === true;
  while (!isStopped()) {
    try {
      const headers: Record<string, string> = last === null ? {} : { 'last-event-id': last };
      const bytes = await client.openStream('/v1/events', { subject, kind }, headers, stop);
      for await (const { name, id, data } of readEventLines(bytes)) {
        answeredAt = performance.now();
        if (data !== null) {
          const value = JSON.parse(data) as unknown;
          yield name === 'reset' ? { reset: value as ResetView['reset'] } : (value as EventView);
        }
        // Noted when it has been taken, not before.
        last = id ?? last;
      }
    } catch (error) {
      if (isStopped()) return;
      const mayPass = isPassing(error) || (error instanceof ApiRefusal && error.document.status === 429);
      if (!mayPass || performance.now() - answeredAt > PATIENCE_MS) throw error;
    }
    await delay(AGAIN_MS, undefined, stop === undefined ? {} : { signal: stop }).catch(() => undefined);
  }
}

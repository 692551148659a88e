import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './client.ts';
import { isPassing } from './errors.ts';
import { type ExecutionView, isOver } from './execution-view.ts';

const POLL_MS = 500;
/** How long an API that does not answer is waited for: a restart takes seconds. */
const PATIENCE_MS = 120_000;

export interface Follow<T> {
  /** What of it makes a change. */
  readonly seenOf: (view: T) => unknown;
  readonly isOver: (view: T) => boolean;
  readonly pollMs?: number;
  /** Ends the following. */
  readonly stop?: AbortSignal;
}

/**
 * A resource of the API whenever it has changed, from now until it is over. Outlives a restart of the API; throws when it stays away for two
 * minutes.
 */
export async function* follow<T>(
  client: Pick<ApiClient, 'get'>,
  path: string,
  { seenOf, isOver: isEnd, pollMs = POLL_MS, stop }: Follow<T>,
): AsyncGenerator<T> {
  let seen = '';
  let answeredAt = performance.now();
  while (stop?.aborted !== true) {
    try {
      const view = await client.get<T>(path);
      answeredAt = performance.now();
      const now = JSON.stringify(seenOf(view));
      if (now !== seen) yield view;
      seen = now;
      if (isEnd(view)) return;
    } catch (error) {
      if (!isPassing(error) || performance.now() - answeredAt > PATIENCE_MS) throw error;
    }
    await delay(pollMs);
  }
}

/** An execution whenever status, filled quantity or problem change, from now until it has ended. */
export function followExecution(
  client: Pick<ApiClient, 'get'>,
  id: string,
  pollMs: number = POLL_MS,
): AsyncGenerator<ExecutionView> {
  return follow<ExecutionView>(client, `/v1/executions/${encodeURIComponent(id)}`, {
    seenOf: ({ status, filled, problem }) => [status, filled, problem],
    isOver,
    pollMs,
  });
}

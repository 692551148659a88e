import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './client.ts';
import { ApiRefusal, EXIT, exitCodeOf } from './errors.ts';
import { type ExecutionView, isOver } from './execution-view.ts';

const POLL_MS = 500;
/** How long an API that does not answer is waited for: a restart takes seconds. */
const PATIENCE_MS = 120_000;

/** Whether asking again may help: nothing answers, or the API says that something behind it is away. */
function isPassing(error: unknown): boolean {
  return exitCodeOf(error) === EXIT.noStack || (error instanceof ApiRefusal && error.document.status === 503);
}

/**
 * An execution whenever status, filled quantity or problem change, from now until it has ended. Outlives a restart of the API;
 * throws when it stays away for two minutes.
 */
export async function* followExecution(
  client: Pick<ApiClient, 'get'>,
  id: string,
  pollMs: number = POLL_MS,
): AsyncGenerator<ExecutionView> {
  let seen = '';
  let answeredAt = performance.now();
  for (;;) {
    try {
      const view = await client.get<ExecutionView>(`/v1/executions/${encodeURIComponent(id)}`);
      answeredAt = performance.now();
      const now = JSON.stringify([view.status, view.filled, view.problem]);
      if (now !== seen) yield view;
      seen = now;
      if (isOver(view)) return;
    } catch (error) {
      if (!isPassing(error) || performance.now() - answeredAt > PATIENCE_MS) throw error;
    }
    await delay(pollMs);
  }
}

import type { EventLog } from '../../adapters/ports/event-log.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';

const EVERY_MS: DurationMs = 3_600_000;

/**
 * Forgets old events now and every hour. Several processes may do it at once.
 *
 * @returns the stop function; it resolves when what is under way has ended.
 */
export function pruneEvents(
  log: Pick<EventLog, 'prune'>,
  olderThanMs: DurationMs,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let current: Promise<unknown> = Promise.resolve();
  const turn = (): void => {
    current = log.prune(olderThanMs).catch(onError);
  };
  turn();
  const timer = setInterval(turn, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await current;
  };
}

import type { DurationMs } from '../domain/market/decimal.ts';

/**
 * Does the work now and so long after each end of it, until stopped. Failures go to `onError`; the next turn tries again.
 *
 * @returns the stop function; it resolves when what is under way has ended.
 */
export function repeat(
  work: () => Promise<unknown>,
  everyMs: DurationMs,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let current: Promise<void> = Promise.resolve();
  const turn = (): void => {
    current = work()
      .then(() => undefined, onError)
      .then(() => {
        if (!stopped) timer = setTimeout(turn, everyMs);
      });
  };
  turn();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await current;
  };
}

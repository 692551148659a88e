import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../domain/market/decimal.ts';

/**
 * `work`, or a rejection with the signal's reason as soon as it aborts. Leaves nothing behind on the signal, which outlives thousands of
 * such waits; what `work` comes to after an abort is dropped.
 *
 * @param reason in place of the signal's
 */
export function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  reason: () => Error = () => signal.reason as Error,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(reason());
    if (signal.aborted) {
      work.catch(() => undefined);
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    work.then(
      (value) => {
        signal.removeEventListener('abort', abort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort);
        reject(error as Error);
      },
    );
  });
}

/** Waits; ends early, without an error, when the signal aborts. */
export async function pause(ms: DurationMs, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

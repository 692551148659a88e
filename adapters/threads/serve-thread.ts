import { parentPort, type TransferListItem } from 'node:worker_threads';
import { forbidSignals } from './no-signals.ts';
import type { ThreadAnswer } from './thread-pool.ts';

/** A handler's answer with the memory that is handed over instead of copied. */
export interface Answer {
  readonly value: unknown;
  readonly transfer?: readonly TransferListItem[];
  /** Whether too much was left behind in the thread: it is to serve no further job. */
  readonly isWorn?: boolean;
}

/** The main program of a thread of a `ThreadPool`: answers each job with what `handle` makes of it. */
export function serveThread(handle: (job: unknown) => Promise<Answer>): void {
  const port = parentPort;
  if (port === null) throw new Error('this is the code of a thread and no program');
  forbidSignals();
  port.on('message', (job: unknown) => {
    void handle(job).then(
      ({ value, transfer = [], isWorn = false }) =>
        port.postMessage((isWorn ? { value, isWorn } : { value }) satisfies ThreadAnswer, transfer),
      (error: unknown) =>
        port.postMessage({
          error:
            error instanceof Error
              ? { message: error.message, stack: error.stack }
              : { message: String(error), stack: undefined },
        } satisfies ThreadAnswer),
    );
  });
}

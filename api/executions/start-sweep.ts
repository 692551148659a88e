import type { ExecutionRecord, ExecutionStore } from '../../adapters/ports/execution-store.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { ExecutionWorkflows } from '../ports.ts';

interface Starter {
  readonly executions: Pick<ExecutionStore, 'notStarted' | 'markStarted'>;
  readonly workflows: Pick<ExecutionWorkflows, 'start'>;
}

/** Starts the workflow of an accepted execution and notes it. Starting it twice does no harm: its id is taken for good. */
export async function startAccepted({ executions, workflows }: Starter, execution: ExecutionRecord): Promise<void> {
  await workflows.start(execution);
  await executions.markStarted(execution.id);
}

/**
 * Starts everything that was accepted but whose start was lost to a crash or an unreachable server.
 *
 * @returns how many were started; throws the first failure, after all were tried.
 */
export async function sweepOnce(starter: Starter): Promise<number> {
  const waiting = await starter.executions.notStarted();
  const outcomes = await Promise.allSettled(waiting.map((execution) => startAccepted(starter, execution)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return waiting.length;
}

/**
 * Sweeps now and every `everyMs` until stopped, never two sweeps at once. Failures go to `onError`; the next sweep tries again.
 *
 * @returns the stop function; it resolves when the sweep under way has ended.
 */
export function startSweep(
  starter: Starter,
  everyMs: DurationMs,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let current: Promise<void> = Promise.resolve();
  const turn = (): void => {
    current = sweepOnce(starter)
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

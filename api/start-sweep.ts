import type { FastifyBaseLogger } from 'fastify';
import type { DurationMs } from '../domain/market/decimal.ts';
import { repeat } from './repeat.ts';

/** Things of one kind that are accepted before their workflows start: executions, backtests, downloads. */
export interface Starter<Record> {
  /** What was accepted and has not been seen to start. */
  notStarted(): Promise<readonly Record[]>;
  /** Starts the workflow and notes it. Starting it twice does no harm: its id is taken for good. */
  start(record: Record): Promise<void>;
}

/** A starter for things whose records and workflows lie in two places. */
export function starterOf<Record extends { readonly id: string }>(
  records: { notStarted(): Promise<readonly Record[]>; markStarted(id: string): Promise<void> },
  workflows: { start(record: Record): Promise<void> },
): Starter<Record> {
  return {
    notStarted: () => records.notStarted(),
    start: async (record) => {
      await workflows.start(record);
      await records.markStarted(record.id);
    },
  };
}

/**
 * Starts what was just accepted. Accepted is accepted: while Temporal is away the sweep keeps trying, so the answer to who asked does not depend on it.
 *
 * @param noun what a person calls it
 */
export async function startOrLeave<Record extends { readonly id: string }>(
  starter: Starter<Record>,
  record: Record,
  noun: string,
  log: Pick<FastifyBaseLogger, 'warn'>,
): Promise<void> {
  await starter.start(record).catch((error: unknown) => {
    log.warn({ err: error }, `${noun} ${record.id} is accepted; its workflow will be started by the sweep`);
  });
}

/**
 * Starts everything that was accepted but whose start was lost to a crash or an unreachable server.
 *
 * @returns how many were started; throws the first failure, after all were tried.
 */
export async function sweepOnce<Record>(starter: Starter<Record>): Promise<number> {
  const waiting = await starter.notStarted();
  const outcomes = await Promise.allSettled(waiting.map((record) => starter.start(record)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return waiting.length;
}

/**
 * Sweeps now and every `everyMs` until stopped, never two sweeps at once. Failures go to `onError`; the next sweep tries again.
 *
 * @returns the stop function; it resolves when the sweep under way has ended.
 */
export function startSweep<Record>(
  starter: Starter<Record>,
  everyMs: DurationMs,
  onError: (error: unknown) => void,
): () => Promise<void> {
  return repeat(() => sweepOnce(starter), everyMs, onError);
}

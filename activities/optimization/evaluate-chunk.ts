import type { OptimizationRecord, TrialRows } from '../../adapters/ports/optimization-store.ts';
import type { BestTrial, ChunkCommand, ChunkHeartbeat, ChunkOutcome } from '../../domain/optimization/job/commands.ts';
import { isOver } from '../../domain/optimization/job/commands.ts';
import { firstMissing } from '../../domain/optimization/job/coverage.ts';
import type { OptimizationDependencies } from './dependencies.ts';

export interface ChunkAttempt {
  /** Aborted when the work shall stop: the job was paused or cancelled, or the worker drains. */
  readonly cancel: AbortSignal;
  /** How far an earlier attempt has told that it was; `null` for the first. */
  readonly before: ChunkHeartbeat | null;
  heartbeat(state: ChunkHeartbeat): void;
}

/**
 * Evaluates a chunk from the first row that is missing on: what an earlier attempt has stored is not computed again. A job that has ended is
 * left as it is. Throws the reason of `cancel` when that came first; the rows until then are stored.
 */
export async function evaluateChunk(
  deps: OptimizationDependencies,
  { optimizationId, from, to }: ChunkCommand,
  attempt: ChunkAttempt,
): Promise<ChunkOutcome> {
  const { store, runner, worker, slots } = deps;
  const record = await required(deps, optimizationId);
  const { key } = record;
  let evaluated = 0;
  let busyMs = 0;
  const missing = firstMissing({ from, to }, await store.coveredRanges(key));
  const first = Math.max(missing, attempt.before?.next ?? from);
  if (first < to && !isOver(record.status)) {
    attempt.heartbeat({ next: first });
    await runner.evaluate(
      record,
      { from: first, to },
      {
        cancel: attempt.cancel,
        onRows: async (rows, portion) => {
          await store.writeRows(key, { from, to }, rows, { ...portion, best: bestOf(rows) });
          // Only what is stored counts as done.
          attempt.heartbeat({ next: portion.next });
          evaluated = portion.next - first;
          busyMs += portion.busyMs;
        },
      },
    );
  }
  const { done, best } = await store.progressOf(key);
  return { evaluated, busyMs, done, best, worker, slots };
}

/** The first of the highest scores; `null` when no row has one. */
function bestOf({ count, positions, scores }: TrialRows): BestTrial | null {
  let best: BestTrial | null = null;
  for (let k = 0; k < count; k += 1) {
    const score = scores[k]!;
    if (score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { position: positions[k]!, score };
  }
  return best;
}

/** The job of that id. Throws when there is none. */
export async function required(
  { store }: { readonly store: Pick<OptimizationDependencies['store'], 'findOptimization'> },
  id: string,
): Promise<OptimizationRecord> {
  const record = await store.findOptimization(id);
  if (record === null) throw new Error(`there is no optimisation ${id}`);
  return record;
}

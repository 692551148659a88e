import {
  activityInfo,
  ApplicationFailure,
  cancellationSignal,
  CancelledFailure,
  heartbeat,
} from '@temporalio/activity';
import type { OptimizationStore } from '../../adapters/ports/optimization-store.ts';
import {
  type ChunkHeartbeat,
  isOver,
  type OptimizationActivities,
  type OptimizationRecords,
} from '../../domain/optimization/job/commands.ts';
import { missingRanges } from '../../domain/optimization/job/coverage.ts';
import { OptimizationFailure } from '../../domain/optimization/job/problem.ts';
import type { OptimizationDependencies } from './dependencies.ts';
import { evaluateChunk, required } from './evaluate-chunk.ts';
import { outcomeOf } from './outcome.ts';

const HEARTBEAT_EVERY_MS = 1_000;

/** The activities of optimisations on the queue `compute`. */
export function createOptimizationActivities(deps: OptimizationDependencies): OptimizationActivities {
  return {
    evaluateChunk: (command) => {
      const before = (activityInfo().heartbeatDetails ?? null) as ChunkHeartbeat | null;
      return beating(before ?? { next: command.from }, (beat) =>
        evaluateChunk(deps, command, { cancel: cancellationSignal(), before, heartbeat: beat }),
      );
    },
    concludeOptimization: ({ optimizationId }) =>
      beating(null, async () => {
        const { store, runner } = deps;
        const record = await required(deps, optimizationId);
        if (isOver(record.status)) return outcomeOf(record);
        const result = await runner.conclude(record, {
          cancel: cancellationSignal(),
          earlierTrials: await store.earlierTrials(optimizationId),
        });
        await store.recordResult(optimizationId, result);
        return outcomeOf(await required(deps, optimizationId));
      }),
  };
}

/** Beats while the work goes on, also when nothing moves: a cancellation is heard only in answer to a heartbeat. */
async function beating<State, T>(first: State, work: (beat: (state: State) => void) => Promise<T>): Promise<T> {
  let state = first;
  const beat = (): void => heartbeat(state);
  beat();
  const timer = setInterval(beat, HEARTBEAT_EVERY_MS);
  try {
    return await work((now) => {
      state = now;
      beat();
    });
  } catch (error) {
    throw asFailure(error);
  } finally {
    clearInterval(timer);
  }
}

function asFailure(error: unknown): unknown {
  if (error instanceof OptimizationFailure) {
    return ApplicationFailure.nonRetryable(error.message, 'OptimizationFailure', error.problem);
  }
  // A worker that drains gives its chunks back: that is no cancellation of the job.
  if (error instanceof CancelledFailure && error.message === 'WORKER_SHUTDOWN') {
    return ApplicationFailure.retryable('the worker was told to stop', 'WorkerShutdown');
  }
  return error;
}

type RecordsStore = Pick<
  OptimizationStore,
  'findOptimization' | 'coveredRanges' | 'progressOf' | 'recordStatus' | 'recordEnd'
>;

/** The activities of optimisations on the queue `trading`. */
export function createOptimizationRecords(store: RecordsStore): OptimizationRecords {
  return {
    openOptimization: async ({ optimizationId }) => {
      await store.recordStatus(optimizationId, 'running');
      const record = await required({ store }, optimizationId);
      if (isOver(record.status)) return { outcome: outcomeOf(record), todo: [], done: record.progress.done };
      const covered = await store.coveredRanges(record.key);
      return { outcome: null, todo: missingRanges(record.request.plan.positions, covered), done: record.progress.done };
    },
    recordOptimizationStatus: ({ optimizationId, status }) => store.recordStatus(optimizationId, status),
    endOptimization: async ({ optimizationId, status, problem }) => {
      await store.recordEnd(optimizationId, status, problem);
      return outcomeOf(await required({ store }, optimizationId));
    },
  };
}

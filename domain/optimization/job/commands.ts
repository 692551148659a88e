import type { OptimizationProblem } from './problem.ts';

/** How an optimisation stands. The last three are final, but a failed one can be resumed when its cause is gone. */
export type OptimizationStatus = 'queued' | 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';
export type FinalOptimizationStatus = Extract<OptimizationStatus, 'completed' | 'cancelled' | 'failed'>;

/** Whether nothing works on it any more. */
export function isOver(status: OptimizationStatus): status is FinalOptimizationStatus {
  return status === 'completed' || status === 'cancelled' || status === 'failed';
}

/** Positions `from` to `to`, not included. */
export interface PositionRange {
  readonly from: number;
  readonly to: number;
}

export interface OptimizationCommand {
  readonly optimizationId: string;
}

export interface ChunkCommand extends OptimizationCommand, PositionRange {}

/** A combination and what it scored by itself. */
export interface BestTrial {
  readonly position: number;
  readonly score: number;
}

/** What a chunk's activity tells its workflow: the rows are in the store. */
export interface ChunkOutcome {
  /** Positions that this attempt evaluated, and the time that a thread took for them. */
  readonly evaluated: number;
  readonly busyMs: number;
  /** Rows of the whole job by now. */
  readonly done: number;
  /** The best of the whole job by now; `null` while none has a score by itself. */
  readonly best: BestTrial | null;
  /** Who did it, and how many chunks that worker takes at once. */
  readonly worker: string;
  readonly slots: number;
}

/** How far a chunk is: rows of every position before `next` are in the store. */
export interface ChunkHeartbeat {
  readonly next: number;
}

/** What became of an optimisation, small enough for a workflow: the rest is in the store. */
export interface OptimizationOutcome {
  readonly status: FinalOptimizationStatus;
  readonly total: number;
  readonly done: number;
  readonly psr: number | null;
  readonly dsr: number | null;
  readonly pbo: number | null;
  readonly believable: boolean;
  readonly sentence: string | null;
  readonly problem: Pick<OptimizationProblem, 'code' | 'detail'> | null;
}

/** What a workflow begins with. */
export interface OpenedOptimization {
  /** Set when the job is over already. */
  readonly outcome: OptimizationOutcome | null;
  /** Positions without rows yet, rising. */
  readonly todo: readonly PositionRange[];
  readonly done: number;
}

/** Activities on the queue `compute`. */
export interface OptimizationActivities {
  /** Evaluates a range of positions and stores its rows, from the first that is missing on. */
  evaluateChunk(command: ChunkCommand): Promise<ChunkOutcome>;
  /** Judges the rows of all positions and stores the result, which ends the job. */
  concludeOptimization(command: OptimizationCommand): Promise<OptimizationOutcome>;
}

/** Activities on the queue `trading`: storage only. */
export interface OptimizationRecords {
  openOptimization(command: OptimizationCommand): Promise<OpenedOptimization>;
  recordOptimizationStatus(command: OptimizationCommand & { readonly status: 'running' | 'paused' }): Promise<void>;
  /** Ends a job without a result; its rows stay. Answers with how it ended, which may have been earlier. */
  endOptimization(
    command: OptimizationCommand & {
      readonly status: 'cancelled' | 'failed';
      readonly problem: OptimizationProblem | null;
    },
  ): Promise<OptimizationOutcome>;
}

import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { ChunkPlan } from '../../domain/optimization/job/chunk-plan.ts';
import type { BestTrial, OptimizationStatus } from '../../domain/optimization/job/commands.ts';

/** Workflow type of an optimisation. */
export const OPTIMIZATION_WORKFLOW = 'optimization';

/** The workflow id of an optimisation: a business id, so that a second start of it is refused by the server. */
export function optimizationWorkflowId(optimizationId: string): string {
  return `optimization/${optimizationId}`;
}

/** How far a job is: counters only, the rows are in the store. */
export interface OptimizationState {
  readonly plan: ChunkPlan;
  /** Combinations that have their row. */
  readonly done: number;
  readonly best: BestTrial | null;
  /** Chunks finished, over all runs of the workflow. */
  readonly chunks: number;
  readonly paused: boolean;
}

export interface OptimizationInput {
  readonly optimizationId: string;
  /** "sma-cross on BTC-PERP". */
  readonly title: string;
  /** What people read: strategy, symbols and the like, name by name. The spec itself stays in the store. */
  readonly facts: Readonly<Record<string, string>>;
  /** Combinations, and the positions that they are spread over. */
  readonly total: number;
  readonly positions: number;
  /** From 1, the most urgent, to 5. */
  readonly priority: number;
  /** Carried through continue-as-new; absent at the start. */
  readonly state?: OptimizationState;
  /** Chunks after which the history is begun anew; tests lower it. */
  readonly chunksPerRun?: number;
}

/** What a command answers: the state after it. A cancel is `running` or `paused` until the chunks under way have let go. */
export interface OptimizationCommandResult {
  readonly status: OptimizationStatus;
  readonly done: number;
}

export const pauseOptimizationUpdate = defineUpdate<OptimizationCommandResult>('pause');
export const resumeOptimizationUpdate = defineUpdate<OptimizationCommandResult>('resume');
export const cancelOptimizationUpdate = defineUpdate<OptimizationCommandResult>('cancel');
export const optimizationProgressQuery = defineQuery<OptimizationState>('progress');

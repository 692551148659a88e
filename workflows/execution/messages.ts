import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { AmendmentRequest } from '../../domain/execution/amendment.ts';
import type { ExecutionStatus, FinalStatus } from '../../domain/execution/commands.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import type { EarlierProgress, ExecutionProgress } from '../../domain/execution/progress.ts';

/** Workflow type of an execution. */
export const EXECUTION_WORKFLOW = 'execution';

/** The queue that runs workflows and storage activities. */
export const TRADING_QUEUE = 'trading';

/** The workflow id of an execution: a business id, so that a second start of it is refused by the server. */
export function executionWorkflowId(executionId: string): string {
  return `execution/${executionId}`;
}

export interface ExecutionInput {
  readonly plan: ExecutionPlan;
  /** Carried through continue-as-new, maybe by 0.2; absent at the start. */
  readonly progress?: ExecutionProgress | EarlierProgress;
  /** Slices after which the history is begun anew; tests lower it. */
  readonly slicesPerRun?: number;
}

export interface ExecutionSummary {
  readonly status: FinalStatus;
  readonly filled: string;
  readonly residual: string;
}

/** What a command answers: the status after it. A cancel is `running` or `paused` until the working child has ended. */
export interface CommandResult {
  readonly status: ExecutionStatus;
  readonly filled: string;
}

export const pauseUpdate = defineUpdate<CommandResult>('pause');
export const resumeUpdate = defineUpdate<CommandResult>('resume');
export const cancelUpdate = defineUpdate<CommandResult>('cancel');
/** Changes quantity, end or limit. Answered once the change is on record; asking for what already holds changes nothing. */
export const amendUpdate = defineUpdate<CommandResult, [AmendmentRequest]>('amend');
export const progressQuery = defineQuery<ExecutionProgress>('progress');

import {
  type Client,
  isGrpcServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { amendUpdate, cancelUpdate, pauseUpdate, resumeUpdate } from '../../workflows/execution/messages.ts';
import type { CommandOutcome, ExecutionCommand, ExecutionWorkflows } from '../ports.ts';
import { Problem } from '../problems.ts';
import { startExecution } from '../../adapters/temporal/start-execution.ts';

/** How long a command waits for a worker to answer it. */
const COMMAND_DEADLINE_MS = 5_000;

const UPDATES = { pause: pauseUpdate, resume: resumeUpdate, cancel: cancelUpdate } as const;

/** What is answered when the server cannot be asked. */
export function unreachable(error: unknown): Problem {
  return new Problem('TEMPORAL_UNREACHABLE', 'The Temporal server does not answer; try again.', [], error);
}

/** An error without an outcome of its own: the server could not be asked at all, or something that nobody foresaw. */
export function outcomeOf(error: unknown): CommandOutcome {
  if (error instanceof WorkflowNotFoundError) return { kind: 'not-running' };
  if (error instanceof WorkflowUpdateFailedError)
    return { kind: 'refused', reason: error.cause?.message ?? error.message };
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return { kind: 'unconfirmed' };
  const cause = error instanceof Error ? error.cause : undefined;
  if (isGrpcServiceError(error) || isGrpcServiceError(cause)) throw unreachable(error);
  throw error;
}

/** Executions as workflows on a Temporal server. */
export function temporalWorkflows(client: Client): ExecutionWorkflows {
  return {
    start: async (execution) => {
      try {
        await startExecution(client, execution);
      } catch (error) {
        throw unreachable(error);
      }
    },
    command: ({ workflowId }, command: ExecutionCommand) =>
      answered(() => client.workflow.getHandle(workflowId).executeUpdate(UPDATES[command])),
    amend: ({ workflowId }, request) =>
      answered(() => client.workflow.getHandle(workflowId).executeUpdate(amendUpdate, { args: [request] })),
  };

  async function answered(send: () => Promise<unknown>): Promise<CommandOutcome> {
    try {
      await client.withDeadline(Date.now() + COMMAND_DEADLINE_MS, send);
      return { kind: 'done' };
    } catch (error) {
      return outcomeOf(error);
    }
  }
}

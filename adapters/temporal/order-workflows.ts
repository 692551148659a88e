import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { executionWorkflowId } from '../../workflows/execution/messages.ts';
import type { ExecutionRecord } from '../ports/execution-store.ts';
import { startExecution } from './start-execution.ts';

const CANCEL_DEADLINE_MS = 5_000;

/** Executions as workflows, for whoever places orders without a person: both may be repeated without harm. */
export function createOrderWorkflows(client: Client) {
  return {
    start: (execution: ExecutionRecord): Promise<void> => startExecution(client, execution),
    /**
     * Asks an execution to take back what it has at the venue and to end.
     *
     * @returns `false` where no workflow of it runs
     */
    cancel: async (executionId: string): Promise<boolean> => {
      try {
        await client.withDeadline(Date.now() + CANCEL_DEADLINE_MS, () =>
          client.workflow.getHandle(executionWorkflowId(executionId)).cancel(),
        );
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
}

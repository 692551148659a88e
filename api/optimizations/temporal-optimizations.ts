import type { Client } from '@temporalio/client';
import {
  cancelOptimizationUpdate,
  pauseOptimizationUpdate,
  resumeOptimizationUpdate,
} from '../../workflows/optimization/messages.ts';
import { outcomeOf, unreachable } from '../executions/temporal-workflows.ts';
import type { OptimizationWorkflows } from '../ports.ts';
import { startOptimization } from './start-workflow.ts';

/** How long a command waits for a worker to answer it: a pause lets the chunks under way let go first. */
const COMMAND_DEADLINE_MS = 8_000;

const UPDATES = {
  pause: pauseOptimizationUpdate,
  resume: resumeOptimizationUpdate,
  cancel: cancelOptimizationUpdate,
} as const;

/** Optimisations as workflows on a Temporal server. */
export function temporalOptimizations(client: Client): OptimizationWorkflows {
  return {
    start: async (optimization) => {
      try {
        await startOptimization(client, optimization);
      } catch (error) {
        throw unreachable(error);
      }
    },
    command: async ({ workflowId }, command) => {
      try {
        await client.withDeadline(Date.now() + COMMAND_DEADLINE_MS, () =>
          client.workflow.getHandle(workflowId).executeUpdate(UPDATES[command]),
        );
        return { kind: 'done' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowDirectory } from '../ports/workflow-directory.ts';

const DEADLINE_MS = 5_000;
const LIST_DEADLINE_MS = 30_000;
/** A workflow type goes into a query as text. */
const TYPE = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** All other states go on, as one that somebody has paused does, or are not known to be an end. */
const CLOSED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT']);

/** Reads the server's records of workflows. */
export function createWorkflowDirectory(client: Client): WorkflowDirectory {
  return {
    openWorkflows: async (type) => {
      if (!TYPE.test(type)) throw new RangeError(`"${type}" is no workflow type`);
      const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running'`;
      const ids = new Set<string>();
      await client.withDeadline(Date.now() + LIST_DEADLINE_MS, async () => {
        for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
      });
      return ids;
    },
    fateOf: async (workflowId) => {
      try {
        const { status, closeTime } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
          client.workflow.getHandle(workflowId).describe(),
        );
        if (!CLOSED.has(status.name)) return { kind: 'open' };
        return { kind: 'closed', how: status.name.toLowerCase(), at: closeTime?.getTime() ?? null };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { kind: 'missing' };
        throw error;
      }
    },
  };
}

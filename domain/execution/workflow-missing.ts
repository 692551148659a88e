import type { Problem } from './commands.ts';

/** What an execution has ended with whose workflow the server has lost. */
export function workflowMissing(workflowId: string): Problem {
  return { code: 'WORKFLOW_MISSING', detail: `the Temporal server knows no workflow ${workflowId} any more` };
}

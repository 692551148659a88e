import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import { TRADING_QUEUE } from '../../workflows/execution/messages.ts';
import { detailsTable } from './details-table.ts';

const START_DEADLINE_MS = 5_000;

/** What differs from one kind of workflow to another when it is started. */
export interface Start
  extends
    Pick<WorkflowStartOptions, 'workflowTaskTimeout' | 'typedSearchAttributes'>,
    Required<Pick<WorkflowStartOptions, 'workflowId'>> {
  readonly input: unknown;
  /** What a person reads in a list of workflows. */
  readonly summary: string;
  /** Names and texts that never change. */
  readonly facts?: readonly (readonly [string, string])[];
  /** A further run after one that has ended; otherwise an id is used once for ever. */
  readonly mayRunAgain?: boolean;
}

/**
 * Starts a workflow whose id is a business id, so that a second start changes nothing, whether the workflow still runs or has ended. Throws when the server
 * does not take the start.
 */
export async function startOnce(client: Client, workflowType: string, start: Start): Promise<void> {
  const { input, summary, facts, mayRunAgain = false, ...options } = start;
  try {
    await client.withDeadline(Date.now() + START_DEADLINE_MS, () =>
      client.workflow.start(workflowType, {
        ...options,
        workflowIdReusePolicy: mayRunAgain ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        taskQueue: TRADING_QUEUE,
        args: [input],
        staticSummary: summary,
        ...(facts === undefined ? {} : { staticDetails: detailsTable(facts) }),
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

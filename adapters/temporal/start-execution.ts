import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { ExecutionRecord } from '../ports/execution-store.ts';
import { EXECUTION_WORKFLOW, type ExecutionInput, TRADING_QUEUE } from '../../workflows/execution/messages.ts';
import { orderKindOf } from '../../domain/execution/style.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { detailsTable } from './details-table.ts';

const START_DEADLINE_MS = 5_000;
/** Half of the default: so long one order stands still when its worker is killed in the middle of a workflow task, which takes milliseconds. */
const SINGLE_TASK_TIMEOUT = '5 seconds';

/** "TWAP buy 5 BTC/USDT on sim": what a person reads in a list of workflows. */
function summaryOf({ plan }: Pick<ExecutionRecord, 'plan'>): string {
  return `${plan.algo.toUpperCase()} ${plan.side} ${plan.quantity} ${plan.symbol} on ${plan.venue}`;
}

function detailsOf(record: Pick<ExecutionRecord, 'plan' | 'owner' | 'decision'>): string {
  const { plan } = record;
  const rows: readonly (readonly [string, string])[] = [
    ['ordered', `${plan.side} ${plan.quantity} ${plan.symbol} on ${plan.venue}`],
    ['window', `${new Date(plan.startAt).toISOString()} to ${new Date(plan.endAt).toISOString()}`],
    ['limit', plan.limit ?? 'none'],
    [
      'parameters',
      Object.entries(plan.params)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
    ['decision price', record.decision.price],
    ['started by', record.owner],
  ];
  return detailsTable(rows);
}

/**
 * Starts the workflow of an accepted execution. Its id is the business id and is never used twice, so a second start changes
 * nothing, whether the workflow still runs or has ended. Throws when the server does not take the start.
 */
export async function startExecution(client: Client, record: ExecutionRecord): Promise<void> {
  const { plan } = record;
  const input: ExecutionInput = { plan };
  try {
    await client.withDeadline(Date.now() + START_DEADLINE_MS, () =>
      client.workflow.start(EXECUTION_WORKFLOW, {
        workflowId: record.workflowId,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        taskQueue: TRADING_QUEUE,
        ...(orderKindOf(plan) === null ? {} : { workflowTaskTimeout: SINGLE_TASK_TIMEOUT }),
        args: [input],
        staticSummary: summaryOf(record),
        staticDetails: detailsOf(record),
        typedSearchAttributes: [
          { key: searchAttributes.kind, value: 'execution' },
          { key: searchAttributes.algorithm, value: plan.algo },
          { key: searchAttributes.symbol, value: plan.symbol },
          { key: searchAttributes.venue, value: plan.venue },
          { key: searchAttributes.status, value: 'running' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

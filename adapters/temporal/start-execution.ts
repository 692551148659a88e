import type { Client } from '@temporalio/client';
import type { ExecutionRecord } from '../ports/execution-store.ts';
import { EXECUTION_WORKFLOW, type ExecutionInput } from '../../workflows/execution/messages.ts';
import { orderKindOf } from '../../domain/execution/style.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { startOnce } from './start-once.ts';

/** Half of the default: so long one order stands still when its worker is killed in the middle of a workflow task, which takes milliseconds. */
const SINGLE_TASK_TIMEOUT = '5 seconds';

/** "TWAP buy 5 BTC/USDT on sim": what a person reads in a list of workflows. */
function summaryOf({ plan }: Pick<ExecutionRecord, 'plan'>): string {
  return `${plan.algo.toUpperCase()} ${plan.side} ${plan.quantity} ${plan.symbol} on ${plan.venue}`;
}

function factsOf(record: Pick<ExecutionRecord, 'plan' | 'owner' | 'decision'>): readonly (readonly [string, string])[] {
  const { plan } = record;
  return [
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
}

/** Starts the workflow of an accepted execution, as `startOnce` does. */
export async function startExecution(client: Client, record: ExecutionRecord): Promise<void> {
  const { plan } = record;
  const input: ExecutionInput = { plan };
  await startOnce(client, EXECUTION_WORKFLOW, {
    workflowId: record.workflowId,
    ...(orderKindOf(plan) === null ? {} : { workflowTaskTimeout: SINGLE_TASK_TIMEOUT }),
    input,
    summary: summaryOf(record),
    facts: factsOf(record),
    typedSearchAttributes: [
      { key: searchAttributes.kind, value: 'execution' },
      { key: searchAttributes.algorithm, value: plan.algo },
      { key: searchAttributes.symbol, value: plan.symbol },
      { key: searchAttributes.venue, value: plan.venue },
      { key: searchAttributes.status, value: 'running' },
    ],
  });
}

import type { FastifyBaseLogger } from 'fastify';
import type { ChildOrderRecord, ExecutionRecord } from '../../adapters/ports/execution-store.ts';
import type { OpenExecution, OpenExecutions } from '../../adapters/ports/open-executions.ts';
import type { WorkflowDirectory } from '../../adapters/ports/workflow-directory.ts';
import { isFinal } from '../../domain/execution/commands.ts';
import { orderKindOf } from '../../domain/execution/style.ts';
import { workflowMissing } from '../../domain/execution/workflow-missing.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { isUnsettled } from '../../domain/orders/lifecycle.ts';
import { EXECUTION_WORKFLOW } from '../../workflows/execution/messages.ts';
import { findLost, workThrough } from '../lost-workflows.ts';
import type { ApiDependencies } from '../ports.ts';

export interface LookAfterDependencies extends Pick<ApiDependencies, 'executions' | 'workflows' | 'clock'> {
  readonly openExecutions: OpenExecutions;
  readonly workflowDirectory: WorkflowDirectory;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/** Younger ones may be between their start and the list of what has started. */
const MIN_AGE_MS: DurationMs = 10_000;

/** What a workflow has written last is in Postgres by then: an end so old that is not there is not on its way. */
const SETTLED_MS: DurationMs = 10_000;

/**
 * Starts the executions of one order again that the server does not know, since its state was lost: among them the protective stops of sessions. One whose
 * time is over, and of which nothing is under way, is ended: a session that waits for it, as for an exit at market, wants another one. What is left of all
 * others is nothing that works them: they are ended after their time. Throws the first failure, after all were tried.
 */
export async function lookAfterOrders(deps: LookAfterDependencies): Promise<void> {
  const open = await deps.openExecutions.listOpen(MIN_AGE_MS);
  const { lost } = await findLost(deps.workflowDirectory, EXECUTION_WORKFLOW, open);
  await workThrough(
    lost.filter(({ fate }) => fate.kind === 'missing'),
    ({ record }) => lookAfter(deps, record),
  );
}

async function lookAfter(deps: LookAfterDependencies, { id, endAt, withdrawnChild }: OpenExecution): Promise<void> {
  const { executions, workflows, clock, log } = deps;
  const execution = await executions.findExecution(id);
  if (execution === null || isFinal(execution.status) || orderKindOf(execution.plan) === null) return;
  const orders = await executions.ordersOf(id);
  const now = clock.now();
  if (now >= endAt) {
    if (now < endAt + SETTLED_MS || orders.some(({ state }) => isUnsettled(state))) return;
    const problem = workflowMissing(execution.workflowId);
    await executions.recordEnd({ executionId: id, status: 'failed', problem }, now);
    log.warn(`execution ${id}: ${problem.detail}; its time is over and nothing of it is under way: it was ended`);
    return;
  }
  if (!mayBeginAnew(execution, orders, withdrawnChild)) return;
  await workflows.start(execution);
  await executions.noteRestart(id);
  log.warn(`execution ${id}: the Temporal server did not know its workflow any more; it was started again`);
}

/**
 * Whether an execution comes to the same when it is begun anew. Its workflow alone knew how far it was; but one that has only ever been about its first
 * child asks for that one again, attempt by attempt, and each attempt that is on record is looked up and not sent. A pause, an amendment and further
 * children are known to the workflow only. A child that was withdrawn was so for a pause, after which another would have come; that of a session is
 * never paused while it goes on, so that it was withdrawn to be cancelled, which is what it comes to.
 */
function mayBeginAnew(
  { owner, status, amendments }: ExecutionRecord,
  orders: readonly ChildOrderRecord[],
  withdrawnChild: number,
): boolean {
  if (status !== 'running' || amendments.length > 0) return false;
  if (withdrawnChild > 0 && !owner.startsWith('session/')) return false;
  return orders.every(({ child }) => child === 1);
}

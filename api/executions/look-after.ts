import type { FastifyBaseLogger } from 'fastify';
import type { ExecutionRecord } from '../../adapters/ports/execution-store.ts';
import type { OpenExecutions } from '../../adapters/ports/open-executions.ts';
import type { WorkflowDirectory } from '../../adapters/ports/workflow-directory.ts';
import { orderKindOf } from '../../domain/execution/style.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
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

/**
 * Starts the executions of one order again that the server does not know, since its state was lost: among them the protective stops of sessions. What is
 * left of all others is nothing that works them: they are ended after their time. Throws the first failure, after all were tried.
 */
export async function lookAfterOrders(deps: LookAfterDependencies): Promise<void> {
  const open = await deps.openExecutions.listOpen(MIN_AGE_MS);
  const { lost } = await findLost(
    deps.workflowDirectory,
    EXECUTION_WORKFLOW,
    open.filter(({ endAt }) => endAt > deps.clock.now()),
  );
  await workThrough(
    lost.filter(({ fate }) => fate.kind === 'missing'),
    async ({ record: { id } }) => {
      const execution = await deps.executions.findExecution(id);
      if (execution === null || !(await mayBeginAnew(deps, execution))) return;
      await deps.workflows.start(execution);
      await deps.executions.noteRestart(id);
      deps.log.warn(`execution ${id}: the Temporal server did not know its workflow any more; it was started again`);
    },
  );
}

/**
 * Whether an execution comes to the same when it is begun anew. Its workflow alone knew how far it was; but one that has only ever been about its first
 * child asks for that one again, attempt by attempt, and each attempt that is on record is looked up and not sent. A pause, an amendment and further
 * children are known to the workflow only.
 */
async function mayBeginAnew(
  { executions }: LookAfterDependencies,
  { id, plan, status, amendments }: ExecutionRecord,
): Promise<boolean> {
  if (orderKindOf(plan) === null || status !== 'running' || amendments.length > 0) return false;
  return (await executions.ordersOf(id)).every(({ child }) => child === 1);
}

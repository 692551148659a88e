import type { Clock } from '../../adapters/ports/clock.ts';
import type { ExecutionStore } from '../../adapters/ports/execution-store.ts';
import type { OpenExecution, OpenExecutions } from '../../adapters/ports/open-executions.ts';
import type { WorkflowDirectory, WorkflowFate } from '../../adapters/ports/workflow-directory.ts';
import type { Problem } from '../../domain/execution/commands.ts';
import { workflowMissing } from '../../domain/execution/workflow-missing.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';

export interface AbandonedDependencies {
  readonly open: OpenExecutions;
  readonly executions: Pick<ExecutionStore, 'recordEnd'>;
  readonly workflows: WorkflowDirectory;
  readonly clock: Clock;
  /** The type that the workflows of executions have. */
  readonly workflowType: string;
}

/** A workflow's last words reach Postgres before its end, so an end so old that is not there is not on its way. */
const SETTLED_MS: DurationMs = 10_000;
/** A server that knows no such workflow may be the wrong one: only after the execution's own end is it sure that nothing works it. */
const MISSING_AFTER_END_MS: DurationMs = 5 * 60_000;
/** So many are asked about in one run: each costs a request. */
const MOST = 200;

/**
 * Ends executions that Postgres takes for running and whose workflow is over: somebody has terminated it in the Temporal UI, or the server has lost
 * its state. Nothing works them any more, so they would stay `running` for ever.
 *
 * @returns the ids of those that were ended as failed
 */
export async function closeAbandoned(deps: AbandonedDependencies): Promise<readonly string[]> {
  const listed = await deps.open.listOpen(SETTLED_MS);
  if (listed.length === 0) return [];
  // Asked for after the list of ours: what was accepted later is in neither.
  const running = await deps.workflows.openWorkflows(deps.workflowType);
  const closed: string[] = [];
  for (const execution of listed.filter(({ workflowId }) => !running.has(workflowId)).slice(0, MOST)) {
    const problem = problemOf(deps, execution, await deps.workflows.fateOf(execution.workflowId));
    if (problem === null) continue;
    await deps.executions.recordEnd({ executionId: execution.id, status: 'failed', problem }, deps.clock.now());
    closed.push(execution.id);
  }
  return closed;
}

function problemOf(
  deps: AbandonedDependencies,
  { workflowId, endAt }: OpenExecution,
  fate: WorkflowFate,
): Problem | null {
  switch (fate.kind) {
    case 'open':
      return null;
    case 'missing':
      if (deps.clock.now() < endAt + MISSING_AFTER_END_MS) return null;
      return workflowMissing(workflowId);
    case 'closed': {
      if (fate.at !== null && deps.clock.now() - fate.at < SETTLED_MS) return null;
      const when = fate.at === null ? '' : ` at ${new Date(fate.at).toISOString()}`;
      const how = fate.how.replaceAll('_', ' ');
      return {
        code: 'WORKFLOW_ENDED',
        detail: `its workflow ${workflowId} was ${how}${when} before the execution had ended; nothing works it any more`,
      };
    }
    default:
      return fate satisfies never;
  }
}

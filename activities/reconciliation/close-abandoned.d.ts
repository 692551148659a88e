import type { Clock } from '../../adapters/ports/clock.ts';
import type { ExecutionStore } from '../../adapters/ports/execution-store.ts';
import type { OpenExecutions } from '../../adapters/ports/open-executions.ts';
import type { WorkflowDirectory } from '../../adapters/ports/workflow-directory.ts';
export interface AbandonedDependencies {
  readonly open: OpenExecutions;
  readonly executions: Pick<ExecutionStore, 'recordEnd'>;
  readonly workflows: WorkflowDirectory;
  readonly clock: Clock;
  /** The type that the workflows of executions have. */
  readonly workflowType: string;
}
/**
 * Ends executions that Postgres takes for running and whose workflow is over: somebody has terminated it in the Temporal UI, or the server has lost
 * its state. Nothing works them any more, so they would stay `running` for ever.
 *
 * @returns the ids of those that were ended as failed
 */
export declare function closeAbandoned(deps: AbandonedDependencies): Promise<readonly string[]>;

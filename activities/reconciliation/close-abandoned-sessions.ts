import type { Clock } from '../../adapters/ports/clock.ts';
import type { SessionStore } from '../../adapters/ports/session-store.ts';
import type { WorkflowDirectory } from '../../adapters/ports/workflow-directory.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';

export interface AbandonedSessionsDependencies {
  readonly sessions: Pick<SessionStore, 'started' | 'fail'>;
  readonly workflows: WorkflowDirectory;
  readonly clock: Clock;
  /** The type that the workflows of sessions have. */
  readonly sessionWorkflowType: string;
}

/** As of executions: what a workflow has written last is there by then. */
const SETTLED_MS: DurationMs = 10_000;

/**
 * Ends sessions that Postgres takes for running and whose workflow is over: somebody has terminated it in the Temporal UI. Nobody decides for them or
 * watches their prices any more, and they would stay `running` for ever. What they hold stays, and so do their orders at the venue. One whose workflow
 * the server does not know is let alone: it may be the wrong server.
 *
 * @returns the ids of those that were ended as failed
 */
export async function closeAbandonedSessions(deps: AbandonedSessionsDependencies): Promise<readonly string[]> {
  const started = await deps.sessions.started();
  if (started.length === 0) return [];
  // Asked for after the list of ours: what was accepted later is in neither.
  const running = await deps.workflows.openWorkflows(deps.sessionWorkflowType);
  const closed: string[] = [];
  for (const { id, workflowId } of started.filter((session) => !running.has(session.workflowId))) {
    const fate = await deps.workflows.fateOf(workflowId);
    if (fate.kind !== 'closed' || (fate.at !== null && deps.clock.now() - fate.at < SETTLED_MS)) continue;
    const when = fate.at === null ? '' : ` at ${new Date(fate.at).toISOString()}`;
    await deps.sessions.fail(id, {
      code: 'WORKFLOW_ENDED',
      detail: `its workflow ${workflowId} was ${fate.how.replaceAll('_', ' ')}${when} before the session had ended; nobody decides for it or watches its prices any more. What it holds and its orders at the venue stay: look at both, and start a new session`,
    });
    closed.push(id);
  }
  return closed;
}

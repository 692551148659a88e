import type { FastifyBaseLogger } from 'fastify';
import type { WorkflowDirectory } from '../../adapters/ports/workflow-directory.ts';
import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { isOver } from '../../domain/session/status.ts';
import { unattended, WORKFLOW_ENDED } from '../../domain/session/unattended.ts';
import { SESSION_WORKFLOW } from '../../workflows/session/messages.ts';
import { findLost, type Gone, workThrough } from '../lost-workflows.ts';
import type { ApiDependencies } from '../ports.ts';

export interface LookAfterDependencies extends Pick<ApiDependencies, 'sessions' | 'sessionWorkflows' | 'clock'> {
  readonly workflowDirectory: WorkflowDirectory;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
}

/** What a workflow has written last is in Postgres by then: an end so old that is not there is not on its way. */
const SETTLED_MS: DurationMs = 10_000;

/**
 * Sees to it that each session that has not ended has a workflow. One that the server does not know, since its state was lost, is started again: a session
 * is a fold of what Postgres has, and a second one of it, on another server, cannot move the same journal on. One whose workflow somebody has ended is
 * let alone, and says so until a person resumes or stops it. Throws the first failure, after all were tried.
 */
export async function lookAfterSessions(deps: LookAfterDependencies): Promise<void> {
  const started = await deps.sessions.started();
  const { running, lost } = await findLost(deps.workflowDirectory, SESSION_WORKFLOW, started);
  // As after a reset in the Temporal UI.
  const backAgain = started.filter(
    ({ workflowId, problem }) => problem?.code === WORKFLOW_ENDED && running.has(workflowId),
  );
  for (const { id } of backAgain) await deps.sessions.setProblem(id, WORKFLOW_ENDED, null);
  await workThrough(lost, ({ record, fate }) => lookAfter(deps, record.id, fate));
}

async function lookAfter(deps: LookAfterDependencies, id: string, fate: Gone): Promise<void> {
  const session = await deps.sessions.find(id);
  if (session === null || isOver(session.status)) return;
  if (fate.kind === 'closed') return tell(deps, session);
  // It was ended by somebody, and the server has forgotten it since.
  if (session.problem?.code === WORKFLOW_ENDED) return;
  await deps.sessionWorkflows.restart(session);
  await deps.sessions.noteRestart(id, 'the Temporal server did not know its workflow any more');
  deps.log.warn(`session ${id}: the Temporal server did not know its workflow any more; it was started again`);
}

async function tell(
  { sessions, workflowDirectory, clock, log }: LookAfterDependencies,
  { id, workflowId, problem }: SessionRecord,
): Promise<void> {
  if (problem?.code === WORKFLOW_ENDED) return;
  // A person may have had it started again since it was listed.
  const fate = await workflowDirectory.fateOf(workflowId);
  if (fate.kind !== 'closed' || (fate.at !== null && clock.now() - fate.at < SETTLED_MS)) return;
  const told = unattended(id, workflowId, fate.how, fate.at);
  await sessions.noteUnattended(id, told);
  log.warn(`session ${id}: ${told.detail}`);
}

import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import { SessionRefusal } from '../../domain/session/command-effect.ts';
import type { SessionCommand } from '../../domain/session/commands.ts';
import { WORKFLOW_ENDED } from '../../domain/session/unattended.ts';
import type { ApiDependencies, CommandOutcome } from '../ports.ts';

type Dependencies = Pick<ApiDependencies, 'sessions' | 'sessionWorkflows' | 'newId'>;

/**
 * Gives a command to a session whose workflow does not run. It is put on record first, and then the workflow is started again, so that nothing is decided
 * before it. A workflow that somebody has ended is started again by a resume or a stop only: whoever has ended it may have wanted that.
 *
 * @returns `not-running` where its workflow runs after all: ask it
 */
export async function takeUp(
  { sessions, sessionWorkflows, newId }: Dependencies,
  session: SessionRecord,
  command: SessionCommand,
): Promise<CommandOutcome> {
  const { kind } = await sessionWorkflows.fateOf(session);
  if (kind === 'open') return { kind: 'not-running' };
  if (kind === 'closed' && command.kind !== 'resume' && command.kind !== 'stop') {
    const reason = `its workflow was ended in Temporal and nobody runs it: "resume" starts it again, "stop" ends it; it takes no ${command.kind} before that`;
    return { kind: 'refused', reason };
  }
  try {
    await sessionWorkflows.restart(await sessions.command(session.id, command, `taken up ${newId()}`));
  } catch (error) {
    if (error instanceof SessionRefusal) return { kind: 'refused', reason: error.message };
    throw error;
  }
  await sessions.markStarted(session.id);
  // One without a bar may never have been started.
  if (kind === 'closed' || session.bars > 0) await sessions.noteRestart(session.id, `${command.kind} by ${command.by}`);
  await sessions.setProblem(session.id, WORKFLOW_ENDED, null);
  return { kind: 'done' };
}

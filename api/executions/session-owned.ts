import type { ExecutionRecord } from '../../adapters/ports/execution-store.ts';
import { isOver } from '../../domain/session/status.ts';
import type { ApiDependencies } from '../ports.ts';
import { Problem } from '../problems.ts';

const OWNER = /^session\/(?<id>.+)$/;

/**
 * Refuses what would change an order of a trading session that goes on: its books take what they wanted for what is at the venue, so that a stop that a
 * pause has taken back would be missed by nobody, and an order made larger would sell more than is held. A cancel ends the order, which the session sees,
 * and is let be; so is a resume, which puts back what it wants. Throws `EXECUTION_OF_SESSION`.
 */
export async function refuseOfSession(
  { sessions }: Pick<ApiDependencies, 'sessions'>,
  { owner }: ExecutionRecord,
  command: 'pause' | 'amend',
): Promise<void> {
  const id = OWNER.exec(owner)?.groups?.['id'];
  if (id === undefined) return;
  const session = await sessions.find(id);
  if (session === null || isOver(session.status)) return;
  const message = `session ${id} wants this order as it is and would not know of the ${command}: pause, amend or stop the session, or cancel the execution`;
  throw new Problem('EXECUTION_OF_SESSION', message, [{ field: 'owner', value: owner, message }]);
}

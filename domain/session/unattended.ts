import type { Problem } from '../execution/commands.ts';
import type { EpochMs } from '../market/decimal.ts';

/** Code of the problem of a session whose workflow is over although the session is not. */
export const WORKFLOW_ENDED = 'WORKFLOW_ENDED';

/**
 * What a person has to know of a session that nobody runs any more, since somebody has ended its workflow.
 *
 * @param how the server's word: terminated, timed_out, failed
 * @param at `null` where the server does not tell
 */
export function unattended(sessionId: string, workflowId: string, how: string, at: EpochMs | null): Problem {
  const when = at === null ? '' : ` at ${new Date(at).toISOString()}`;
  return {
    code: WORKFLOW_ENDED,
    detail:
      `its workflow ${workflowId} was ${how.replaceAll('_', ' ')} in Temporal${when}, before the session had ended: nobody decides for it, and stops and targets that it holds itself are watched by nobody; ` +
      `orders at the venue stay there. "session resume ${sessionId}" starts it again, "session stop ${sessionId}" ends it`,
  };
}

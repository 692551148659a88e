import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';
import { ApiRefusal } from '../../terminal/errors.ts';
import { type InterventionCounts, NO_INTERVENTIONS } from '../interventions.ts';
import { insist } from '../start-executions.ts';
import { amendmentOf, type SessionIntervention } from './plan.ts';
import type { RunningSession } from './start-sessions.ts';

/** The API may be down, and its database or Temporal server as well, for some of this. */
const WITHIN_MS: DurationMs = 90_000;
const CONFLICT = 409;

/**
 * Does to sessions what is planned for a run, each at its instant and one after the other, as a person does who gets no answer: again and again. A
 * conflict is a session that stands as it was to be already. Throws what else the API refuses.
 */
export async function meddleWithSessions(
  home: string,
  sessions: readonly RunningSession[],
  interventions: readonly SessionIntervention[],
  { run, startedAt }: { readonly run: number; readonly startedAt: EpochMs },
): Promise<InterventionCounts> {
  const counts = { ...NO_INTERVENTIONS };
  for (const each of interventions) {
    const session = sessions[each.session];
    if (session === undefined) continue;
    await delay(Math.max(0, startedAt + each.atMs - Date.now()));
    try {
      await insist(home, WITHIN_MS, (client) =>
        client.post(`/v1/sessions/${session.id}/${each.kind}`, bodyOf(each, session, run)),
      );
      counts[each.kind] += 1;
    } catch (error) {
      if (!(error instanceof ApiRefusal) || error.document.status !== CONFLICT) throw error;
      counts.late += 1;
    }
  }
  return counts;
}

function bodyOf({ kind }: SessionIntervention, { planned }: RunningSession, run: number): unknown {
  switch (kind) {
    case 'pause':
      return { mode: 'keep' };
    case 'resume':
      return { reason: 'chaos: goes on' };
    case 'amend':
      return { params: amendmentOf(planned, run) };
    default:
      return kind satisfies never;
  }
}

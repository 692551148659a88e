import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import type { ApiDependencies } from '../ports.ts';
import { type Starter, starterOf } from '../start-sweep.ts';

/** Starts the workflows of accepted sessions. */
export function sessionStarter({
  sessions,
  sessionWorkflows,
}: Pick<ApiDependencies, 'sessions' | 'sessionWorkflows'>): Starter<SessionRecord> {
  return starterOf(
    { notStarted: () => sessions.unstarted(0), markStarted: (id) => sessions.markStarted(id) },
    sessionWorkflows,
  );
}

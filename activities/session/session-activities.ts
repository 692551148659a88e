import { activityInfo, ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { SessionStore } from '../../adapters/ports/session-store.ts';
import { SessionRefusal } from '../../domain/session/command-effect.ts';
import type { SessionActivities, SessionRecords } from '../../domain/session/commands.ts';
import type { SessionDependencies } from './dependencies.ts';
import { glanceOf } from './describe.ts';
import { runSession, UnknownSession } from './run-session.ts';

const HEARTBEAT_EVERY_MS = 1_000;

/** The activities on the queue `sessions`; among them those on record, for commands that an earlier build has put on this queue. */
export function createSessionActivities(deps: SessionDependencies): SessionActivities & SessionRecords {
  return {
    ...createSessionRecords(deps.store),
    runSession: async (command) => {
      heartbeat();
      const timer = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
      try {
        return await runSession(deps, command, AbortSignal.any([cancellationSignal(), deps.stopping]));
      } catch (error) {
        if (deps.stopping.aborted && !cancellationSignal().aborted) throw stopped();
        throw asFailure(error);
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** What puts commands on record, on the queue `trading`. */
export function createSessionRecords(store: Pick<SessionStore, 'command' | 'placed'>): SessionRecords {
  return {
    commandSession: async ({ sessionId, command }) => {
      // An attempt whose answer was lost is known by the place of its activity in the history.
      const { workflowExecution, activityId } = activityInfo();
      try {
        const record = await store.command(sessionId, command, `${workflowExecution?.runId ?? ''}/${activityId}`);
        const placed = await store.placed(sessionId);
        return glanceOf(record, placed.filter(({ state }) => state !== 'ended').length, []);
      } catch (error) {
        throw asFailure(error);
      }
    },
  };
}

/** Worth another attempt at once, by whichever worker is there. */
function stopped(): ApplicationFailure {
  return ApplicationFailure.create({ message: 'the worker was told to stop', type: 'WORKER_STOPPED' });
}

function asFailure(error: unknown): unknown {
  if (error instanceof SessionRefusal) return ApplicationFailure.nonRetryable(error.message, error.code);
  if (error instanceof UnknownSession) return ApplicationFailure.nonRetryable(error.message, 'SESSION_NOT_FOUND');
  return error;
}

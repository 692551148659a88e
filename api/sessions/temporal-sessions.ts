import type { Client } from '@temporalio/client';
import type { SessionRecord } from '../../adapters/ports/session-store.ts';
import { createWorkflowDirectory } from '../../adapters/temporal/workflow-directory.ts';
import { startSession } from '../../adapters/temporal/start-session.ts';
import type { SessionCommand } from '../../domain/session/commands.ts';
import {
  amendSessionUpdate,
  pauseSessionUpdate,
  resumeSessionUpdate,
  stopSessionUpdate,
} from '../../workflows/session/messages.ts';
import { outcomeOf, unreachable } from '../executions/temporal-workflows.ts';
import type { SessionWorkflows } from '../ports.ts';

/** How long a command waits for a worker to answer it: it is on record once the step under way has ended. */
const COMMAND_DEADLINE_MS = 15_000;

/** Sessions as workflows on a Temporal server. */
export function temporalSessions(client: Client): SessionWorkflows {
  const directory = createWorkflowDirectory(client);
  const start = async (session: SessionRecord, isRestart: boolean): Promise<void> => {
    try {
      await startSession(client, session, isRestart);
    } catch (error) {
      throw unreachable(error);
    }
  };
  return {
    start: (session) => start(session, false),
    restart: (session) => start(session, true),
    fateOf: async ({ workflowId }) => {
      try {
        return await directory.fateOf(workflowId);
      } catch (error) {
        throw unreachable(error);
      }
    },
    command: async ({ workflowId }, command) => {
      try {
        await client.withDeadline(Date.now() + COMMAND_DEADLINE_MS, () => send(client, workflowId, command));
        return { kind: 'done' };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

function send(client: Client, workflowId: string, command: SessionCommand): Promise<unknown> {
  const handle = client.workflow.getHandle(workflowId);
  switch (command.kind) {
    case 'pause':
      return handle.executeUpdate(pauseSessionUpdate, { args: [{ mode: command.mode, by: command.by }] });
    case 'resume':
      return handle.executeUpdate(resumeSessionUpdate, { args: [{ reason: command.reason, by: command.by }] });
    case 'stop':
      return handle.executeUpdate(stopSessionUpdate, { args: [{ mode: command.mode, by: command.by }] });
    case 'amend':
      return handle.executeUpdate(amendSessionUpdate, { args: [{ params: command.params, by: command.by }] });
  }
}

import type { ExecutionRecord, ExecutionStore } from '../../adapters/ports/execution-store.ts';
import { isFinal } from '../../domain/execution/commands.ts';
import { commandWorkflow } from '../command-workflow.ts';
import type { ApiDependencies, ExecutionCommand } from '../ports.ts';
import { Problem } from '../problems.ts';
import { starterOf } from '../start-sweep.ts';

/** The execution of that id. Throws `EXECUTION_NOT_FOUND`. */
export async function executionOf(
  executions: Pick<ExecutionStore, 'findExecution'>,
  id: string,
): Promise<ExecutionRecord> {
  const record = await executions.findExecution(id);
  if (record === null) {
    throw new Problem('EXECUTION_NOT_FOUND', `There is no execution "${id}".`, [
      { field: 'id', value: id, message: 'not known' },
    ]);
  }
  return record;
}

function ended(record: ExecutionRecord, command: ExecutionCommand): Problem {
  return new Problem('EXECUTION_ENDED', `The execution is ${record.status}; there is nothing left to ${command}.`, [
    { field: 'status', value: record.status, message: 'final' },
  ]);
}

/**
 * Sends a command to the workflow of an execution and waits for its answer.
 *
 * @returns the execution as it stands afterwards.
 * Throws `EXECUTION_ENDED`, `COMMAND_REFUSED` or, when no worker answered in time, `COMMAND_UNCONFIRMED`.
 */
export async function commandExecution(
  { workflows, executions }: Pick<ApiDependencies, 'workflows' | 'executions'>,
  id: string,
  command: ExecutionCommand,
): Promise<ExecutionRecord> {
  return commandWorkflow(command, {
    noun: 'execution',
    read: () => executionOf(executions, id),
    isOver: ({ status }) => isFinal(status),
    ended: (record) => ended(record, command),
    statusOf: ({ status }) => status,
    send: (record) => workflows.command(record, command),
    start: (record) => starterOf(executions, workflows).start(record),
  });
}

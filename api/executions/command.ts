import type { ExecutionRecord, ExecutionStore } from '../../adapters/ports/execution-store.ts';
import { isFinal } from '../../domain/execution/commands.ts';
import type { ApiDependencies, CommandOutcome, ExecutionCommand } from '../ports.ts';
import { Problem } from '../problems.ts';

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

/** A command may come before the sweep has started the workflow: then it is started first. */
async function deliver(
  { workflows, executions }: Pick<ApiDependencies, 'workflows' | 'executions'>,
  record: ExecutionRecord,
  command: ExecutionCommand,
): Promise<CommandOutcome> {
  const outcome = await workflows.command(record, command);
  if (outcome.kind !== 'not-running') return outcome;
  await workflows.start(record);
  await executions.markStarted(record.id);
  return workflows.command(record, command);
}

/**
 * Sends a command to the workflow of an execution and waits for its answer.
 *
 * @returns the execution as it stands afterwards.
 * Throws `EXECUTION_ENDED`, `COMMAND_REFUSED` or, when no worker answered in time, `COMMAND_UNCONFIRMED`.
 */
export async function commandExecution(
  dependencies: Pick<ApiDependencies, 'workflows' | 'executions'>,
  id: string,
  command: ExecutionCommand,
): Promise<ExecutionRecord> {
  const record = await executionOf(dependencies.executions, id);
  if (isFinal(record.status)) throw ended(record, command);
  const outcome = await deliver(dependencies, record, command);
  const after = await executionOf(dependencies.executions, id);
  switch (outcome.kind) {
    case 'done':
      return after;
    case 'refused':
      if (isFinal(after.status)) throw ended(after, command);
      throw new Problem('COMMAND_REFUSED', outcome.reason, [
        { field: 'status', value: after.status, message: outcome.reason },
      ]);
    case 'not-running':
      throw ended(after, command);
    case 'unconfirmed':
      throw new Problem(
        'COMMAND_UNCONFIRMED',
        `No worker confirmed the ${command} in time. It may still take effect as soon as a worker runs: read the execution before you send it again.`,
      );
  }
}

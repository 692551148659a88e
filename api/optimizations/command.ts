import type { OptimizationRecord } from '../../adapters/ports/optimization-store.ts';
import { isOver } from '../../domain/optimization/job/commands.ts';
import { commandWorkflow } from '../command-workflow.ts';
import type { ApiDependencies, OptimizationCommandName } from '../ports.ts';
import { Problem } from '../problems.ts';
import { starterOf } from '../start-sweep.ts';
import { problemOf } from './accept.ts';

type Dependencies = Pick<ApiDependencies, 'optimizations' | 'optimizationWorkflows' | 'optimizationChecker'>;

/** The optimisation of that id. Throws `OPTIMIZATION_NOT_FOUND`. */
export async function optimizationOf(
  { optimizations }: Pick<Dependencies, 'optimizations'>,
  id: string,
): Promise<OptimizationRecord> {
  const record = await optimizations.findOptimization(id);
  if (record === null) {
    throw new Problem('OPTIMIZATION_NOT_FOUND', `There is no optimisation "${id}".`, [
      { field: 'id', value: id, message: 'not known' },
    ]);
  }
  return record;
}

function ended({ status }: OptimizationRecord, command: OptimizationCommandName): Problem {
  return new Problem('OPTIMIZATION_ENDED', `The optimisation is ${status}; there is nothing left to ${command}.`, [
    { field: 'status', value: status, message: 'final' },
  ]);
}

/**
 * Sends a command to the workflow of a job and waits for its answer. A cancelled job is `running` until its chunks have let go, which takes
 * seconds; its rows stay.
 *
 * @returns the job as it stands afterwards. Throws `OPTIMIZATION_ENDED`, `COMMAND_REFUSED` or, when no worker answered in time,
 *   `COMMAND_UNCONFIRMED`.
 */
export async function commandOptimization(
  dependencies: Dependencies,
  id: string,
  command: OptimizationCommandName,
): Promise<OptimizationRecord> {
  const { optimizations, optimizationWorkflows } = dependencies;
  return commandWorkflow(command, {
    noun: 'optimisation',
    read: () => optimizationOf(dependencies, id),
    isOver: ({ status }) => isOver(status),
    ended: (record) => ended(record, command),
    statusOf: ({ status }) => status,
    send: (record) => optimizationWorkflows.command(record, command),
    start: (record) => starterOf(optimizations, optimizationWorkflows).start(record),
  });
}

/**
 * Lets a paused job go on, or one that failed, at the first rows that are missing. Throws `OPTIMIZATION_CHANGED` when data, engine, strategy or
 * seed are not those that it began with.
 */
export async function resumeOptimization(dependencies: Dependencies, id: string): Promise<OptimizationRecord> {
  const record = await optimizationOf(dependencies, id);
  if (isOver(record.status) && record.status !== 'failed') throw ended(record, 'resume');
  if (record.status === 'paused' || record.status === 'failed') await refuseChange(dependencies, record);
  if (record.status !== 'failed') return commandOptimization(dependencies, id, 'resume');
  // The workflow of the new run is started by the caller, or by the sweep when Temporal is away.
  await dependencies.optimizations.reopen(id);
  return optimizationOf(dependencies, id);
}

async function refuseChange({ optimizationChecker }: Dependencies, { request }: OptimizationRecord): Promise<void> {
  try {
    await optimizationChecker.checkIdentity(request);
  } catch (error) {
    throw problemOf(error);
  }
}

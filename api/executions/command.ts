import type { ExecutionRecord, ExecutionStore } from '../../adapters/ports/execution-store.ts';
import { isFinal } from '../../domain/execution/commands.ts';
import type { AmendmentRequest } from '../../domain/execution/amendment.ts';
import { compare, decimal, type EpochMs, toText } from '../../domain/market/decimal.ts';
import { validateAmendment } from '../../domain/execution/validate-plan.ts';
import { type Commanded, commandWorkflow } from '../command-workflow.ts';
import { iso } from '../iso.ts';
import type { ApiDependencies, ExecutionCommand } from '../ports.ts';
import { fieldsProblem, Problem } from '../problems.ts';
import { starterOf } from '../start-sweep.ts';
import { inCallersTerms } from './plan-times.ts';
import { refuseOfSession } from './session-owned.ts';
import { algorithmOf, courseOfRecord } from './slice-records.ts';

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

function ended(record: ExecutionRecord, command: ExecutionCommand | 'amend'): Problem {
  return new Problem('EXECUTION_ENDED', `The execution is ${record.status}; there is nothing left to ${command}.`, [
    { field: 'status', value: record.status, message: 'final' },
  ]);
}

/**
 * Sends a command to the workflow of an execution and waits for its answer.
 *
 * @returns the execution as it stands afterwards.
 * Throws `EXECUTION_ENDED`, `EXECUTION_OF_SESSION`, `COMMAND_REFUSED` or, when no worker answered in time, `COMMAND_UNCONFIRMED`.
 */
export async function commandExecution(
  { workflows, executions, sessions }: Pick<ApiDependencies, 'workflows' | 'executions' | 'sessions'>,
  id: string,
  command: ExecutionCommand,
): Promise<ExecutionRecord> {
  const record = await executionOf(executions, id);
  if (command === 'pause' && !isFinal(record.status)) await refuseOfSession({ sessions }, record, command);
  return commandWorkflow(command, {
    ...commanded({ workflows, executions }, id, command),
    send: (current) => workflows.command(current, command),
  });
}

/**
 * Amends a running execution: checked against its instrument here, against what has filled by its workflow and its database.
 *
 * @returns the execution as it stands afterwards.
 * Throws `INVALID_PLAN`, and what `commandExecution` throws.
 */
export async function amendExecution(
  dependencies: Pick<ApiDependencies, 'workflows' | 'executions' | 'venues' | 'sessions' | 'clock'>,
  id: string,
  body: AmendBody,
): Promise<ExecutionRecord> {
  const { workflows, executions, venues, clock } = dependencies;
  const record = await executionOf(executions, id);
  if (isFinal(record.status)) throw ended(record, 'amend');
  await refuseOfSession(dependencies, record, 'amend');
  const request = amendmentRequest(record, body, clock.now());
  const instrument = await venues.findInstrument(record.plan.venue, record.plan.symbol);
  const { plan } = courseOfRecord(record);
  const problems = validateAmendment(plan, record.plan, algorithmOf(record), instrument, request);
  if (problems.length > 0)
    throw fieldsProblem(
      'INVALID_PLAN',
      problems.map((problem) => inCallersTerms(problem, body.endAt)),
    );
  mustCoverFills(record, request);
  return commandWorkflow('amend', {
    ...commanded({ workflows, executions }, id, 'amend'),
    send: (current) => workflows.amend(current, request),
  });
}

/** Told here under its field; what is on its way as well only its workflow and its database know. */
function mustCoverFills({ filled }: ExecutionRecord, { quantity }: AmendmentRequest): void {
  if (quantity === undefined || compare(quantity, filled) >= 0) return;
  const message = `quantity ${quantity} is below what has been filled, ${filled}: give at least that, or cancel`;
  throw new Problem('COMMAND_REFUSED', message, [{ field: 'quantity', value: quantity, message }]);
}

export interface AmendBody {
  readonly quantity?: string;
  readonly durationMs?: number;
  readonly endAt?: string;
  readonly limit?: string | null;
}

/** Throws `INVALID_PLAN` where the body does not say what it wants. */
function amendmentRequest({ plan }: ExecutionRecord, body: AmendBody, now: EpochMs): AmendmentRequest {
  const { quantity, durationMs, endAt, limit } = body;
  if (endAt !== undefined && durationMs !== undefined) {
    throw fieldsProblem('INVALID_PLAN', [
      { field: 'endAt', value: endAt, message: 'give either durationMs or endAt, not both' },
    ]);
  }
  if (quantity === undefined && durationMs === undefined && endAt === undefined && limit === undefined) {
    throw fieldsProblem('INVALID_PLAN', [
      { field: 'body', value: '{}', message: 'give what shall change: quantity, durationMs or endAt, limit' },
    ]);
  }
  if (endAt !== undefined && Date.parse(endAt) <= now) {
    const message = `lies in the past; it is ${iso(now)} now. To stop at once, cancel`;
    throw fieldsProblem('INVALID_PLAN', [{ field: 'endAt', value: endAt, message }]);
  }
  return {
    ...(quantity === undefined ? {} : { quantity: toText(decimal(quantity)) }),
    ...(durationMs === undefined ? {} : { endAt: plan.startAt + durationMs }),
    ...(endAt === undefined ? {} : { endAt: Date.parse(endAt) }),
    ...(limit === undefined ? {} : { limit: limit === null ? null : toText(decimal(limit)) }),
  };
}

function commanded(
  { workflows, executions }: Pick<ApiDependencies, 'workflows' | 'executions'>,
  id: string,
  command: ExecutionCommand | 'amend',
): Omit<Commanded<ExecutionRecord>, 'send'> {
  return {
    noun: 'execution',
    read: () => executionOf(executions, id),
    isOver: ({ status }) => isFinal(status),
    ended: (record) => ended(record, command),
    statusOf: ({ status }) => status,
    start: (record) => starterOf(executions, workflows).start(record),
  };
}

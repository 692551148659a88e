import { ApplicationFailure, heartbeat } from '@temporalio/activity';
import { VenueReadError } from '../../adapters/ports/venue.ts';
import type { ChildCommand, EarlierChildCommand, VenueActivities } from '../../domain/execution/commands.ts';
import { closeEarlier, closeExecution, measureMarket } from './close-execution.ts';
import type { AccountDependencies } from './dependencies.ts';
import { executeChild } from './execute-child.ts';

const HEARTBEAT_EVERY_MS = 1_000;

/** The activities on the queue of one venue account. */
export function createVenueActivities(deps: AccountDependencies): VenueActivities {
  return {
    executeChild: (command: ChildCommand | EarlierChildCommand) =>
      alive(() => executeChild(deps, completeCommand(command))),
    closeExecution: (command) =>
      alive(() => ('status' in command ? closeEarlier(deps, command) : closeExecution(deps, command.plan.executionId))),
    measureMarket: ({ plan }) => alive(() => measureMarket(deps, plan.executionId)),
  };
}

/** A child that 0.2 asked for has nothing of amendments and of waiting at the touch in its command: there were none. */
function completeCommand(command: ChildCommand | EarlierChildCommand): ChildCommand {
  return { amendment: 0, role: 'taker', intervalMs: command.notAfter - command.dueAt, ...command };
}

/**
 * Heartbeats for as long as `work` runs, so that a dead worker is noticed within the heartbeat time-out. That runs from the start, so what is done
 * within a second spares the server a write.
 */
export async function alive<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(heartbeat, HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } catch (error) {
    throw asFailure(error);
  } finally {
    clearInterval(timer);
  }
}

/** A read that failed is tried again when the venue says so; a programming error is tried again as it is, and shows. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof VenueReadError)) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: 'VenueReadError',
    nonRetryable: false,
    ...(error.retryAfterMs === null ? {} : { nextRetryDelay: error.retryAfterMs }),
  });
}

import type { SessionEntry } from '../../adapters/ports/session-reader.ts';
import { BacktestFailure } from '../../domain/backtest/failure.ts';
import { timeframeMs } from '../../domain/market/timeframe.ts';
import type { SessionCommand } from '../../domain/session/commands.ts';
import { isOver } from '../../domain/session/status.ts';
import { partChanges } from '../../domain/strategies/strategy-part.ts';
import { commandWorkflow } from '../command-workflow.ts';
import type { ApiDependencies } from '../ports.ts';
import { fieldsProblem, Problem } from '../problems.ts';
import { sessionStarter } from './start.ts';
import { strategyProblem } from './check.ts';
import { takeUp } from './take-up.ts';

type Dependencies = Pick<ApiDependencies, 'sessions' | 'sessionReader' | 'sessionWorkflows' | 'newId'>;

/** The session of that id. Throws `SESSION_NOT_FOUND`. */
export async function sessionOf(
  { sessionReader }: Pick<Dependencies, 'sessionReader'>,
  id: string,
): Promise<SessionEntry> {
  const entry = await sessionReader.findSession(id);
  if (entry !== null) return entry;
  throw new Problem('SESSION_NOT_FOUND', `There is no session "${id}".`, [
    { field: 'id', value: id, message: 'not known' },
  ]);
}

/** The refusal of what can be had of a session only before its end. */
export function ended({ record: { status } }: SessionEntry, what: string): Problem {
  return new Problem('SESSION_ENDED', `The session is ${status}; there is nothing left to ${what}.`, [
    { field: 'status', value: status, message: 'final' },
  ]);
}

/**
 * Sends a command to the workflow of a session and waits until it is on record. A resume or a stop starts a workflow again that somebody has ended.
 *
 * @returns the session as it stands afterwards.
 * Throws `SESSION_ENDED`, `COMMAND_REFUSED` or, when no worker answered in time, `COMMAND_UNCONFIRMED`.
 */
export function commandSession(deps: Dependencies, id: string, command: SessionCommand): Promise<SessionEntry> {
  const starter = sessionStarter(deps);
  return commandWorkflow<SessionEntry>(command.kind, {
    noun: 'session',
    read: () => sessionOf(deps, id),
    isOver: ({ record }) => isOver(record.status),
    ended: (entry) => ended(entry, command.kind),
    statusOf: ({ record }) => record.status,
    send: async ({ record }) => {
      const outcome = await deps.sessionWorkflows.command(record, command);
      return outcome.kind === 'not-running' ? takeUp(deps, record, command) : outcome;
    },
    start: ({ record }) => starter.start(record),
  });
}

/** Gives a session other parameters, from its next bar on. What is not given stays. Throws what `commandSession` throws, and `INVALID_SESSION`. */
export async function amendSession(
  deps: Dependencies & Pick<ApiDependencies, 'strategyInspector'>,
  id: string,
  given: Readonly<Record<string, number>>,
  by: string,
): Promise<SessionEntry> {
  const entry = await sessionOf(deps, id);
  if (isOver(entry.record.status)) throw ended(entry, 'amend');
  if (Object.keys(given).length === 0) {
    const message = 'give what shall change, such as {"fast": 5}';
    throw fieldsProblem('INVALID_SESSION', [{ field: 'params', value: given, message }]);
  }
  const params = await completeParams(deps, entry, given);
  return commandSession(deps, id, { kind: 'amend', params, by });
}

async function completeParams(
  { strategyInspector }: Pick<ApiDependencies, 'strategyInspector'>,
  { record }: SessionEntry,
  given: Readonly<Record<string, number>>,
): Promise<Readonly<Record<string, number>>> {
  const { strategy, sizing, timeframe } = record.spec;
  const choice = { ...strategy, params: { ...record.params, ...given } };
  const facts = await strategyInspector.inspect({ strategy: choice, sizing, timeframe }).catch((error: unknown) => {
    throw error instanceof BacktestFailure ? inParams(strategyProblem(error)) : error;
  });
  if (facts.hash !== record.strategyHash) {
    const changes = partChanges('the file of the strategy', record.strategyParts ?? [], facts.parts ?? []);
    const message = `the strategy is not the one that the session began with (${changes}): bring it back, or stop the session and start one with the new file`;
    throw new Problem('STRATEGY_CHANGED', message, [{ field: 'strategy', value: facts.hash, message }]);
  }
  const barMs = timeframeMs(timeframe);
  const next = record.lastBar === null ? record.startBar : record.lastBar + barMs;
  const before = Math.floor((next - record.firstCandle) / barMs);
  if (facts.neededBars > before) {
    const message = `with these parameters it needs ${facts.neededBars} bars of history and the session has ${before}: give shorter windows, or start a session with them`;
    throw fieldsProblem('TOO_FEW_BARS', [{ field: 'params', value: given, message }]);
  }
  return facts.params;
}

/** `strategy.params.fast` is `params.fast` in an amendment. */
function inParams({ code, message, errors, cause }: Problem): Problem {
  const own = errors.map((error) => ({ ...error, field: error.field.replace(/^strategy\.params/, 'params') }));
  return new Problem(code, message.replaceAll('strategy.params.', 'params.'), own, cause);
}

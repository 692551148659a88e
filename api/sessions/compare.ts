import { BacktestFailure } from '../../domain/backtest/failure.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { ApiDependencies } from '../ports.ts';
import { Problem } from '../problems.ts';
import { strategyProblem } from './check.ts';
import { sessionOf } from './command.ts';

type Dependencies = Pick<ApiDependencies, 'sessionReader' | 'sessionComparer'>;

/** How long a caller is kept waiting, other comparisons before this one included. */
const LONGEST_MS: DurationMs = 60_000;

/** The backtest over the same time against the session, while the caller waits. Throws `NO_RESULT` before the first bar. */
export async function compareSession(deps: Dependencies, id: string, longestMs: DurationMs = LONGEST_MS) {
  const { record } = await sessionOf(deps, id);
  if (record.lastBar === null) {
    throw new Problem('NO_RESULT', 'The session has not decided a bar yet: there is nothing to compare.', [
      { field: 'id', value: id, message: 'compare it once its first bar has closed' },
    ]);
  }
  const cancel = AbortSignal.timeout(longestMs);
  try {
    return await deps.sessionComparer.compare(id, cancel);
  } catch (error) {
    if (error instanceof BacktestFailure) throw strategyProblem(error);
    if (!cancel.aborted) throw error;
    throw new Problem('CHECK_TOO_LONG', `The comparison did not end within ${longestMs / 1_000} s and was given up.`);
  }
}

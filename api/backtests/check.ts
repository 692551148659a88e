import type { StrategyCheck } from '../../adapters/ports/backtest-store.ts';
import { BacktestFailure } from '../../domain/backtest/failure.ts';
import type { ApiDependencies } from '../ports.ts';
import { Problem } from '../problems.ts';
import { parseRequest, problemOf } from './accept.ts';

/** How long a caller is kept waiting, other checks before this one included. */
const LONGEST_MS = 60_000;

/** Checks the strategy of a spec while the caller waits. Nothing is stored. Throws `Problem`. */
export async function checkBacktest(
  { strategyChecker }: Pick<ApiDependencies, 'strategyChecker'>,
  body: unknown,
  longestMs: number = LONGEST_MS,
): Promise<StrategyCheck> {
  const request = parseRequest(body);
  const cancel = AbortSignal.timeout(longestMs);
  try {
    return await strategyChecker.checkStrategy(request, { cancel });
  } catch (error) {
    if (error instanceof BacktestFailure) throw problemOf(error);
    if (!cancel.aborted) throw error;
    throw new Problem('CHECK_TOO_LONG', `The check did not end within ${longestMs / 1_000} s and was given up.`);
  }
}

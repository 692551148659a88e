import type { BacktestRecord } from '../../adapters/ports/backtest-store.ts';
import { type BacktestOutcome, isOver } from '../../domain/backtest/commands.ts';

/** How an ended backtest ended, in what a workflow needs to know. Throws for one that has not. */
export function outcomeOf({ id, status, result, problem }: BacktestRecord): BacktestOutcome {
  if (!isOver(status)) throw new Error(`backtest ${id} is ${status} and has no outcome yet`);
  return {
    status,
    tradesHash: result?.tradesHash ?? null,
    closedTrades: result?.closedTrades ?? null,
    totalReturn: result?.metrics['totalReturn'] ?? null,
    problem: problem === null ? null : { code: problem.code, detail: problem.detail },
  };
}

import type { BacktestProblem } from './failure.ts';

/** How a backtest stands. The last three are final. */
export type BacktestStatus = 'queued' | 'running' | 'completed' | 'cancelled' | 'failed';
export type FinalBacktestStatus = Exclude<BacktestStatus, 'queued' | 'running'>;

/** Whether that status can still change. */
export function isOver(status: BacktestStatus): status is FinalBacktestStatus {
  return status !== 'queued' && status !== 'running';
}

export interface BacktestCommand {
  readonly backtestId: string;
}

/** What became of a backtest, small enough for a workflow: the rest is in the store. */
export interface BacktestOutcome {
  readonly status: FinalBacktestStatus;
  readonly tradesHash: string | null;
  readonly closedTrades: number | null;
  readonly totalReturn: number | null;
  readonly problem: Pick<BacktestProblem, 'code' | 'detail'> | null;
}

/** What a running backtest has done. */
export interface BacktestProgress {
  readonly barsDone: number;
  /** Bars in all; 0 while the data is being read. */
  readonly bars: number;
}

/** Activities on the queue `compute`. */
export interface ComputeActivities {
  /** Runs a stored backtest to its end and stores what it gave. A strategy that fails is an outcome, not an error. */
  runBacktest(command: BacktestCommand): Promise<BacktestOutcome>;
}

/** Activities on the queue `trading`: storage only. */
export interface BacktestRecords {
  /** Ends a backtest that no worker brought to its end. Answers with how it ended, which may have been earlier. */
  endBacktest(command: {
    readonly backtestId: string;
    readonly status: 'cancelled' | 'failed';
    readonly problem: Pick<BacktestProblem, 'code' | 'detail'> | null;
  }): Promise<BacktestOutcome>;
}

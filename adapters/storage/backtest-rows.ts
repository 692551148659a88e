import type { BacktestStatus } from '../../domain/backtest/commands.ts';
import type { BacktestProblem } from '../../domain/backtest/failure.ts';
import type { BacktestResult } from '../../domain/backtest/result.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { BacktestRecord } from '../ports/backtest-store.ts';
import { epochMs, epochMsOrNull } from './rows.ts';

export interface BacktestRow {
  sequence: number;
  id: string;
  workflow_id: string;
  owner: string;
  request: BacktestRequest;
  strategy: string;
  symbol: string;
  status: BacktestStatus;
  bars_done: number;
  bars: number;
  problem: BacktestProblem | null;
  result: BacktestResult | null;
  started_at: Date | null;
  ended_at: Date | null;
  created_at: Date;
}

export function backtestOf(row: BacktestRow): BacktestRecord {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    owner: row.owner,
    request: row.request,
    strategy: row.strategy,
    symbol: row.symbol,
    status: row.status,
    progress: { barsDone: row.bars_done, bars: row.bars },
    problem: row.problem,
    result: row.result,
    createdAt: epochMs(row.created_at),
    startedAt: epochMsOrNull(row.started_at),
    endedAt: epochMsOrNull(row.ended_at),
  };
}

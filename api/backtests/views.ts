import type { BacktestRecord } from '../../adapters/ports/backtest-store.ts';
import { iso } from '../iso.ts';

/** The answer to a start or a cancel. */
export function startedView({ id, workflowId, status }: BacktestRecord) {
  return { id, workflowId, status };
}

/** One backtest in a list. */
export function backtestSummary(record: BacktestRecord) {
  const { metrics, tradesHash, closedTrades } = record.result ?? {};
  return {
    ...startedView(record),
    strategy: record.strategy,
    symbol: record.symbol,
    progress: record.progress,
    tradesHash: tradesHash ?? null,
    closedTrades: closedTrades ?? null,
    totalReturn: metrics?.['totalReturn'] ?? null,
    sharpeRatio: metrics?.['sharpeRatio'] ?? null,
    maxDrawdown: metrics?.['maxDrawdown'] ?? null,
    problem: record.problem,
    owner: record.owner,
    createdAt: iso(record.createdAt),
    startedAt: iso(record.startedAt),
    endedAt: iso(record.endedAt),
  };
}

/** One backtest with all that it gave but trades and equity. */
export function backtestView(record: BacktestRecord) {
  return {
    ...backtestSummary(record),
    spec: record.request.spec,
    manifest: null,
    metrics: null,
    ...record.result,
  };
}

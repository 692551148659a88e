import { BacktestFailure, failure } from '../failure.ts';
import { RunCancelled } from './run-cancelled.ts';
import type { SymbolDesk } from './symbol-desk.ts';

/** What a strategy threw, with the place where it did. What is a failure or a cancellation already stays as it is. */
export function strategyFailure(error: unknown, strategy: string, desk: SymbolDesk): unknown {
  if (error instanceof BacktestFailure || error instanceof RunCancelled) return error;
  const time = desk.candles.time[desk.bar] ?? null;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const at = time === null ? '' : ` (${new Date(time).toISOString()})`;
  const detail = `strategy "${strategy}" failed at bar ${desk.bar}${at} of ${desk.symbol}: ${said}`;
  const failed = failure('STRATEGY_FAILED', detail, [], { symbol: desk.symbol, bar: desk.bar, time, line: null });
  failed.cause = error;
  return failed;
}

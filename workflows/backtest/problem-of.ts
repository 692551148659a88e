import { ActivityFailure, TimeoutFailure } from '@temporalio/workflow';
import type { BacktestOutcome } from '../../domain/backtest/commands.ts';

/** Why a run that was tried `attempts` times in vain has failed, by what the last of them ended with. */
export function problemOf(error: unknown, attempts: number): NonNullable<BacktestOutcome['problem']> {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'HEARTBEAT') {
    const detail = `in ${attempts} attempts no worker lived to bring it to its end: look into the log of the compute worker for what ended it`;
    return { code: 'WORKER_LOST', detail };
  }
  return { code: 'RUN_FAILED', detail: cause instanceof Error ? cause.message : String(cause) };
}

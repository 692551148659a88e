import { BacktestFailure, failure } from '../../domain/backtest/failure.ts';
import type { SessionComparer } from '../ports/session-comparer.ts';
import { ThreadEnded, ThreadPool } from '../threads/thread-pool.ts';
import type { ComparisonJob, ComparisonOutcome } from './thread-job.ts';

export interface SessionComparerOptions {
  /** Where sessions and candles are. */
  readonly databaseUrl: string;
  /** Most memory for the objects of one comparison. */
  readonly maxHeapMb: number;
}

/** Compares sessions in a thread, one at a time: a strategy of a user's that hangs is ended with its thread when the caller gives up. */
export function createSessionComparer(options: SessionComparerOptions): SessionComparer & { close(): Promise<void> } {
  const { databaseUrl, maxHeapMb } = options;
  const pool = new ThreadPool({
    code: { path: './comparison-thread', besides: import.meta.url },
    threads: 1,
    maxHeapMb,
  });
  return {
    compare: async (sessionId, cancel) => {
      const job: ComparisonJob = { sessionId, databaseUrl };
      try {
        const outcome = (await pool.run(job, { kill: cancel, keepThread: false })) as ComparisonOutcome;
        if ('problem' in outcome) throw new BacktestFailure(outcome.problem);
        return outcome.comparison;
      } catch (error) {
        if (!(error instanceof ThreadEnded)) throw error;
        if (error.outOfMemory)
          throw failure('OUT_OF_MEMORY', 'the comparison took more memory than one may: keep less in the strategy');
        throw failure('STRATEGY_FAILED', `the strategy ended its thread: ${error.message}`);
      }
    },
    close: () => pool.close(),
  };
}

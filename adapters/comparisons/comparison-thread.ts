import { BacktestFailure } from '../../domain/backtest/failure.ts';
import { collectRejections, rejectionProblem, takeRejections } from '../backtests/unheard-rejections.ts';
import { openDatabase } from '../storage/database.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { compareStored } from './compare-stored.ts';
import type { ComparisonJob, ComparisonOutcome } from './thread-job.ts';

// The thread of comparisons: it runs the session's strategy, which may be code of a user's.
collectRejections();
serveThread(async (message) => ({ value: await outcomeOf(message as ComparisonJob) }));

async function outcomeOf({ sessionId, databaseUrl }: ComparisonJob): Promise<ComparisonOutcome> {
  const database = openDatabase(databaseUrl, 'tradewind comparison');
  try {
    const comparison = await compareStored(database, sessionId);
    const [reason] = await takeRejections();
    return reason === undefined ? { comparison } : { problem: rejectionProblem(reason, '') };
  } catch (error) {
    if (error instanceof BacktestFailure) return { problem: error.problem };
    throw error;
  } finally {
    await database.end();
  }
}

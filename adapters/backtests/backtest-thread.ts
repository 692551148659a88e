import { BacktestFailure } from '../../domain/backtest/failure.ts';
import { RunCancelled } from '../../domain/backtest/engine/run-backtest.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { BacktestOutput } from '../ports/backtest-store.ts';
import type { StrategyQuestion } from '../ports/strategy-inspector.ts';
import { createCandleStore } from '../storage/candle-store.ts';
import { openDatabase } from '../storage/database.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { checkRun } from './check-run.ts';
import { checkStrategy } from './check-strategy.ts';
import { RunControl } from './control.ts';
import { executeRun } from './execute-run.ts';
import { inspectStrategy } from './inspect-strategy.ts';
import type { StoredCandles } from './load-markets.ts';
import type { BacktestJob, ThreadOutcome } from './thread-job.ts';
import { collectRejections, rejectionProblem, takeRejections } from './unheard-rejections.ts';

// The thread of backtests: everything that computes, and the only place where code of a user's runs.
collectRejections();
serveThread(async (message) => {
  const job = message as BacktestJob;
  const outcome = heard(job, await outcomeOf(job), await takeRejections());
  return { value: outcome, transfer: 'output' in outcome ? memoryOf(outcome.output) : [] };
});

async function outcomeOf(job: BacktestJob): Promise<ThreadOutcome> {
  const control = new RunControl(job.control);
  try {
    return await withStore(job.request, job.databaseUrl, async (store): Promise<ThreadOutcome> => {
      if (job.kind === 'run') return { output: await executeRun(job.request, store, control) };
      if (job.kind === 'inspect') return { facts: await inspectStrategy(questionOf(job), control) };
      if (job.kind === 'check-strategy') return { strategyCheck: await checkStrategy(job.request, store, control) };
      return { check: await checkRun(job.request, store, control) };
    });
  } catch (error) {
    if (error instanceof BacktestFailure) return { problem: error.problem };
    if (error instanceof RunCancelled) return { cancelled: true };
    throw error;
  }
}

function questionOf({ request: { spec }, timeframe = '' }: BacktestJob): StrategyQuestion {
  if ('orders' in spec.strategy) throw new RangeError('orders are no strategy that could be inspected');
  return { strategy: spec.strategy, sizing: spec.sizing, timeframe };
}

/** What a run gave is worth nothing when a promise of its strategy was rejected meanwhile. Throws a rejection of ours. */
function heard({ request }: BacktestJob, outcome: ThreadOutcome, [reason]: readonly unknown[]): ThreadOutcome {
  const { strategy } = request.spec;
  if (reason === undefined || 'problem' in outcome || 'cancelled' in outcome) return outcome;
  if (!('file' in strategy)) throw reason;
  return { problem: rejectionProblem(reason, strategy.file) };
}

/** Opens the database only for a request that reads it, and for no longer. */
async function withStore<T>(
  { spec }: BacktestRequest,
  databaseUrl: string | null,
  work: (store: StoredCandles | null) => Promise<T>,
): Promise<T> {
  if (databaseUrl === null || spec.data.every((source) => 'file' in source)) return work(null);
  const database = openDatabase(databaseUrl, 'tradewind backtest');
  try {
    return await work(createCandleStore(database));
  } finally {
    await database.end();
  }
}

/** Large pieces are handed over; small ones share a pool of Node's that must stay where it is, and are copied. */
function memoryOf({ parts }: BacktestOutput): ArrayBuffer[] {
  return parts.flatMap(({ content: { buffer, byteLength } }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  );
}

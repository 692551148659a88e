import { BacktestFailure } from '../../domain/backtest/failure.ts';
import { OptimizationFailure, type OptimizationProblem } from '../../domain/optimization/job/problem.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import { RunControl } from '../backtests/control.ts';
import { lineOf } from '../backtests/guarded-strategy.ts';
import type { StoredCandles } from '../backtests/load-markets.ts';
import { collectRejections, rejectionProblem, takeRejections } from '../backtests/unheard-rejections.ts';
import type { TrialRows } from '../ports/optimization-store.ts';
import { createCandleStore } from '../storage/candle-store.ts';
import { type Database, openDatabase } from '../storage/database.ts';
import { createTrialArchive } from '../storage/trial-archive.ts';
import { serveThread } from '../threads/serve-thread.ts';
import { concludeWork } from './conclude-work.ts';
import { checkSpec, loadData } from './load-work.ts';
import { evaluatePositions, missingColumns, preparedWork, refuseKeptBuffers, returnsOf } from './prepared-work.ts';
import type { OptimizationThreadJob, OptimizationThreadOutcome } from './thread-job.ts';

// The thread of optimisations: everything that computes, and the only place where code of a user's runs.
collectRejections();
serveThread(async (message) => {
  const job = message as OptimizationThreadJob;
  const outcome = heard(job, await outcomeOf(job), await takeRejections());
  return { value: outcome, transfer: outcome.kind === 'evaluate' ? memoryOf(outcome.rows) : [] };
});

async function outcomeOf(job: OptimizationThreadJob): Promise<OptimizationThreadOutcome> {
  const control = new RunControl(job.control);
  try {
    return await answer(job, control);
  } catch (error) {
    const problem = problemOf(error, job);
    if (problem !== null) return { kind: 'problem', problem };
    throw error;
  }
}

/** What a piece of work gave is worth nothing when a promise of its strategy was rejected meanwhile. Throws a rejection of ours. */
function heard(
  job: OptimizationThreadJob,
  outcome: OptimizationThreadOutcome,
  [reason]: readonly unknown[],
): OptimizationThreadOutcome {
  if (reason === undefined || outcome.kind === 'problem') return outcome;
  const { strategy } = specOf(job).backtest;
  if (!('file' in strategy)) throw reason;
  return { kind: 'problem', problem: rejectionProblem(reason, strategy.file) };
}

async function answer(job: OptimizationThreadJob, control: RunControl): Promise<OptimizationThreadOutcome> {
  switch (job.kind) {
    case 'check':
      return withCandles(job, job.spec, async (store) => ({
        kind: 'check',
        checked: await checkSpec(job.spec, store, control),
      }));
    case 'load':
      return withCandles(job, job.spec, async (store) => ({
        kind: 'load',
        loaded: await loadData(job.spec, job.keep, store, control),
      }));
    case 'columns': {
      const columns = await missingColumns(job.work, job.from, job.to, job.maxBytes, watched(job, control));
      return { kind: 'columns', columns };
    }
    case 'evaluate': {
      const prepared = await preparedWork(job.work, job.maxColumnBytes, watched(job, control));
      const rows = evaluatePositions(prepared, job.from, job.to);
      refuseKeptBuffers(job.work, control);
      return { kind: 'evaluate', rows };
    }
    case 'returns': {
      const prepared = await preparedWork(job.work, job.maxColumnBytes, watched(job, control));
      return { kind: 'returns', returns: returnsOf(prepared, job.from, job.to) };
    }
    case 'conclude': {
      const prepared = await preparedWork(job.work, job.maxColumnBytes, watched(job, control));
      const result = await withDatabase(job, (database) =>
        concludeWork(prepared, job.key, job.earlierTrials, job.returns, createTrialArchive(database)),
      );
      return { kind: 'conclude', result };
    }
  }
}

/** Code of a user's may hang: from here on it has to give signs of life. */
function watched(job: OptimizationThreadJob, control: RunControl): RunControl {
  if ('file' in specOf(job).backtest.strategy) control.enter('strategy');
  return control;
}

function specOf(job: OptimizationThreadJob): OptimizationSpec {
  return 'work' in job ? job.work.spec : job.spec;
}

/** What a user's code throws is no fault of ours. */
function problemOf(error: unknown, job: OptimizationThreadJob): OptimizationProblem | null {
  if (error instanceof BacktestFailure || error instanceof OptimizationFailure) return error.problem;
  const { strategy } = specOf(job).backtest;
  if (!('file' in strategy)) return null;
  const line = lineOf(error, strategy.file);
  if (line === null) return null;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const place = { symbol: null, bar: null, time: null, line };
  return { code: 'STRATEGY_FAILED', detail: `the strategy threw, ${line}: ${said}`, errors: [], place };
}

/** Opens the database only for a spec that reads it, and for no longer. */
async function withCandles<T>(
  job: OptimizationThreadJob,
  { backtest }: OptimizationSpec,
  work: (store: StoredCandles | null) => Promise<T>,
): Promise<T> {
  if (job.databaseUrl === null || backtest.data.every((source) => 'file' in source)) return work(null);
  return withDatabase(job, (database) => work(createCandleStore(database)));
}

async function withDatabase<T>(
  { databaseUrl }: OptimizationThreadJob,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  if (databaseUrl === null) throw new Error('this work needs a database');
  const database = openDatabase(databaseUrl, 'tradewind optimization');
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

/** Rows are handed over, not copied. */
function memoryOf({ positions, combinations, scores, numbers }: TrialRows): ArrayBuffer[] {
  return [positions, combinations, scores, numbers].map(({ buffer }) => buffer as ArrayBuffer);
}

import { setTimeout as delay } from 'node:timers/promises';
import { BacktestFailure, failure } from '../../domain/backtest/failure.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { BacktestRunner, RunOptions, StrategyChecker } from '../ports/backtest-store.ts';
import { ThreadEnded, ThreadPool } from '../threads/thread-pool.ts';
import { RunControl } from './control.ts';
import { noData, READ_WITHIN_MS } from './no-data.ts';
import type { BacktestJob, ThreadOutcome } from './thread-job.ts';

export interface BacktestRunnerOptions {
  readonly threads: number;
  /** Where stored data sets are; `null` without a stack. */
  readonly databaseUrl: string | null;
  /** How long a strategy may work on without a sign of life. */
  readonly stuckAfterMs: DurationMs;
  /** How long reading may go on without a bar; 30 s by default, since disks and databases may be busy with others. */
  readonly readWithinMs?: DurationMs;
  /** Most memory for the objects of one run; columns of numbers do not count. */
  readonly maxHeapMb: number;
}

const LOOK_EVERY_MS = 100;
/** How long a run that was told to stop may take to hear it. */
const CANCEL_WITHIN_MS = 1_000;

/** Runs backtests in threads, each watched: one that hangs or takes too much memory is ended, and the next is served. */
export function createBacktestRunner(options: BacktestRunnerOptions): BacktestRunner & StrategyChecker {
  const pool = new ThreadPool({
    code: { path: './backtest-thread', besides: import.meta.url },
    threads: options.threads,
    maxHeapMb: options.maxHeapMb,
  });
  return {
    run: async (request, run) => {
      const outcome = await inThread(pool, options, 'run', request, run);
      if ('output' in outcome) return outcome.output;
      throw unforeseen(outcome);
    },
    check: async (request) => {
      const outcome = await inThread(pool, options, 'check', request, { cancel: new AbortController().signal });
      if ('check' in outcome) return outcome.check;
      throw unforeseen(outcome);
    },
    checkStrategy: async (request, run) => {
      const outcome = await inThread(pool, options, 'check-strategy', request, run);
      if ('strategyCheck' in outcome) return outcome.strategyCheck;
      throw unforeseen(outcome);
    },
    close: () => pool.close(),
  };
}

async function inThread(
  pool: ThreadPool,
  { databaseUrl, stuckAfterMs, readWithinMs = READ_WITHIN_MS }: BacktestRunnerOptions,
  kind: BacktestJob['kind'],
  request: BacktestRequest,
  { cancel, onProgress }: RunOptions,
): Promise<ThreadOutcome> {
  const control = new RunControl();
  const kill = new AbortController();
  const over = new AbortController();
  const job: BacktestJob = { kind, request, databaseUrl, control: control.memory };
  let isWatched = false;
  const start = (): void => {
    isWatched = true;
    void watch(control, { cancel, kill, over: over.signal, stuckAfterMs, readWithinMs, onProgress, request });
  };
  // One that still waits for a thread is given up at once; one that runs is given the time to hear it.
  const giveUp = (): void => (isWatched ? undefined : kill.abort(cancel.reason));
  cancel.addEventListener('abort', giveUp, { signal: over.signal });
  if (cancel.aborted) giveUp();
  try {
    const outcome = (await pool.run(job, {
      kill: kill.signal,
      keepThread: !runsForeignCode(request),
      onStart: start,
    })) as ThreadOutcome;
    if ('problem' in outcome) throw new BacktestFailure(outcome.problem);
    if ('cancelled' in outcome) throw cancel.reason;
    return outcome;
  } catch (error) {
    throw error instanceof ThreadEnded ? endedBy(error, request) : error;
  } finally {
    over.abort();
  }
}

interface Watch {
  readonly cancel: AbortSignal;
  readonly kill: AbortController;
  /** The job has its answer. */
  readonly over: AbortSignal;
  readonly stuckAfterMs: DurationMs;
  readonly readWithinMs: DurationMs;
  readonly onProgress: RunOptions['onProgress'];
  readonly request: BacktestRequest;
}

/** Looks at a run until it is over: tells its progress, lets it be cancelled, and ends it when its strategy hangs or no data comes. */
async function watch(control: RunControl, options: Watch): Promise<void> {
  const { cancel, kill, over, stuckAfterMs, readWithinMs, onProgress, request } = options;
  let pulse = '';
  let beatAt = performance.now();
  let cancelledAt: number | null = null;
  while (!over.aborted) {
    const now = performance.now();
    if (cancel.aborted) {
      cancelledAt ??= now;
      control.cancel();
      if (now - cancelledAt > CANCEL_WITHIN_MS) kill.abort(cancel.reason);
    }
    if (control.pulse !== pulse) {
      pulse = control.pulse;
      beatAt = now;
      onProgress?.(control.progress);
    } else if (control.phase === 'strategy' && now - beatAt > stuckAfterMs) {
      kill.abort(stuck(control, stuckAfterMs));
    } else if (control.phase === 'reading' && now - beatAt > readWithinMs) {
      const problem = noData(request.spec.data, readWithinMs);
      kill.abort(problem instanceof Error ? problem : new BacktestFailure(problem));
    }
    await delay(LOOK_EVERY_MS, undefined, { ref: false });
  }
}

function stuck(control: RunControl, stuckAfterMs: DurationMs): BacktestFailure {
  const { barsDone } = control.progress;
  const where = barsDone === 0 ? 'before its first bar' : `at bar ${barsDone - 1}`;
  return failure(
    'STRATEGY_STUCK',
    `the strategy gave no sign of life for ${stuckAfterMs / 1000} s ${where} and was ended: look for a loop without an end`,
    [],
    { symbol: null, bar: barsDone === 0 ? null : barsDone - 1, time: null, line: null },
  );
}

/** A thread that died took its run with it; with a user's code in it that is the likely cause, and trying again would not help. */
function endedBy(ended: ThreadEnded, request: BacktestRequest): Error {
  if (ended.outOfMemory) {
    return failure(
      'OUT_OF_MEMORY',
      'the run took more memory than one run may: keep less in the strategy, or run fewer bars',
    );
  }
  if (runsForeignCode(request)) return failure('STRATEGY_FAILED', `the strategy ended its thread: ${ended.message}`);
  return ended;
}

/** A thread in which somebody else's code has run may no longer be what it was. */
function runsForeignCode({ spec }: BacktestRequest): boolean {
  return 'file' in spec.strategy;
}

function unforeseen(outcome: ThreadOutcome): Error {
  return new Error(`the thread answered with ${Object.keys(outcome).join(', ')}, which was not asked for`);
}

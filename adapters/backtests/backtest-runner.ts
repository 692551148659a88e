import { BacktestFailure, failure } from '../../domain/backtest/failure.ts';
import { DEFAULT_BROKER } from '../../domain/backtest/settings.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { BacktestRunner, RunOptions, StrategyChecker } from '../ports/backtest-store.ts';
import type { StrategyInspector } from '../ports/strategy-inspector.ts';
import { ThreadEnded, ThreadPool } from '../threads/thread-pool.ts';
import { RunControl } from './control.ts';
import { READ_WITHIN_MS } from './no-data.ts';
import type { BacktestJob, ThreadOutcome } from './thread-job.ts';
import { type Silence, watchRun } from './watch-run.ts';

export interface BacktestRunnerOptions {
  readonly threads: number;
  /** Where stored data sets are; `null` without a stack. */
  readonly databaseUrl: string | null;
  /** How long a strategy may work on without a sign of life. */
  readonly stuckAfterMs: DurationMs;
  /** How long reading may go on without a bar; 30 s by default, since disks and databases may be busy with others. */
  readonly readWithinMs?: DurationMs;
  /** Most memory for the objects of one run, and as much again for buffers of its strategy; columns of numbers of ours do not count. */
  readonly maxHeapMb: number;
}

/** Runs backtests in threads, each watched: one that hangs or takes too much memory is ended, and the next is served. */
export function createBacktestRunner(
  options: BacktestRunnerOptions,
): BacktestRunner & StrategyChecker & StrategyInspector {
  const pool = new ThreadPool({
    code: { path: './backtest-thread', besides: import.meta.url },
    threads: options.threads,
    maxHeapMb: options.maxHeapMb,
  });
  const served: Served = { pool, options, together: new Set() };
  return {
    run: async (request, run) => {
      const outcome = await inThread(served, 'run', request, run);
      if ('output' in outcome) return outcome.output;
      throw unforeseen(outcome);
    },
    check: async (request) => {
      const outcome = await inThread(served, 'check', request, { cancel: new AbortController().signal });
      if ('check' in outcome) return outcome.check;
      throw unforeseen(outcome);
    },
    checkStrategy: async (request, run) => {
      const outcome = await inThread(served, 'check-strategy', request, run);
      if ('strategyCheck' in outcome) return outcome.strategyCheck;
      throw unforeseen(outcome);
    },
    inspect: async ({ strategy, sizing, timeframe }) => {
      const request: BacktestRequest = { spec: { ...NO_BARS, strategy, sizing }, expected: null };
      const outcome = await inThread(served, 'inspect', request, { cancel: new AbortController().signal }, timeframe);
      if ('facts' in outcome) return outcome.facts;
      throw unforeseen(outcome);
    },
    close: () => pool.close(),
  };
}

/** A spec without data: what a strategy that is only looked at is wrapped in. */
const NO_BARS: Omit<BacktestRequest['spec'], 'strategy' | 'sizing'> = {
  data: [],
  from: null,
  to: null,
  broker: DEFAULT_BROKER,
  calendar: null,
  periodsPerYear: null,
  riskFreeRate: 0,
  benchmark: null,
  seed: 1,
};

/** The threads of a runner, and what is watched in them. */
interface Served {
  readonly pool: ThreadPool;
  readonly options: BacktestRunnerOptions;
  readonly together: Set<Silence>;
}

async function inThread(
  { pool, options, together }: Served,
  kind: BacktestJob['kind'],
  request: BacktestRequest,
  { cancel, onProgress }: RunOptions,
  timeframe?: Timeframe,
): Promise<ThreadOutcome> {
  const { databaseUrl, stuckAfterMs, readWithinMs = READ_WITHIN_MS, maxHeapMb } = options;
  const control = new RunControl();
  control.maxBufferMb = maxHeapMb;
  const kill = new AbortController();
  const over = new AbortController();
  const job: BacktestJob = {
    kind,
    request,
    databaseUrl,
    control: control.memory,
    ...(timeframe === undefined ? {} : { timeframe }),
  };
  let isWatched = false;
  const start = (): void => {
    isWatched = true;
    const times = { stuckAfterMs, readWithinMs };
    void watchRun(control, { cancel, kill, over: over.signal, ...times, onProgress, request, together });
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
    // How far it came, however it ended and however short it was.
    if (isWatched) onProgress?.(control.progress);
  }
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

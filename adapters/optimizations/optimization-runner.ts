import type { DurationMs } from '../../domain/market/decimal.ts';
import type { PositionRange } from '../../domain/optimization/job/commands.ts';
import { OptimizationFailure } from '../../domain/optimization/job/problem.ts';
import { isSlowToPlan } from '../../domain/optimization/job/planning.ts';
import { refuseChange } from '../../domain/optimization/job/refuse-change.ts';
import { sampledCount } from '../../domain/optimization/trials/sampled-trials.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import { orAborted } from '../abortable.ts';
import { RunControl } from '../backtests/control.ts';
import type { Silence } from '../backtests/watch-run.ts';
import type { EvaluateOptions, OptimizationJob, OptimizationRunner } from '../ports/optimization-store.ts';
import { ThreadEnded, ThreadPool, type ThreadPoolOptions } from '../threads/thread-pool.ts';
import { JobPools } from './job-pools.ts';
import { PortionSize } from './portion-size.ts';
import { SharedJobs } from './shared-jobs.ts';
import type { OptimizationThreadJob, OptimizationThreadOutcome, SharedWork } from './thread-job.ts';
import { runsForeignCode, watchWork } from './watch-work.ts';

export interface OptimizationRunnerOptions {
  readonly threads: number;
  /** Where stored data sets and rows are. */
  readonly databaseUrl: string | null;
  /** How long a user's strategy may work on without a sign of life. */
  readonly stuckAfterMs: DurationMs;
  /** How long the planning of a check may take; 20 s by default. */
  readonly planWithinMs?: DurationMs;
  /** Most memory for the objects of one thread; columns of numbers do not count. */
  readonly maxHeapMb: number;
  /** Most memory for the lines of one job that threads share, and for those that a thread computes for itself. */
  readonly maxColumnMb: number;
}

const MB = 1024 * 1024;
/** Checks whose planning may take seconds: others do not wait behind them. */
const WIDE_THREADS = 1;

type Asked<Kind extends OptimizationThreadJob['kind']> = Omit<
  Extract<OptimizationThreadJob, { readonly kind: Kind }>,
  'control' | 'databaseUrl'
>;
type Answered<Kind extends OptimizationThreadOutcome['kind']> = Extract<
  OptimizationThreadOutcome,
  { readonly kind: Kind }
>;

/** Computes for optimisations in threads. Bars and lines of a job lie in shared memory and are kept over its chunks. */
export function createOptimizationRunner(options: OptimizationRunnerOptions): OptimizationRunner {
  const threads: ThreadPoolOptions = {
    code: { path: './optimization-thread', besides: import.meta.url },
    threads: options.threads,
    maxHeapMb: options.maxHeapMb,
  };
  const pool = new ThreadPool(threads);
  const widePool = new ThreadPool({ ...threads, threads: WIDE_THREADS });
  const together = new Set<Silence>();
  const ownPools = new JobPools(threads);
  const maxColumnBytes = options.maxColumnMb * MB;
  // One for each use: a signal that lives for ever keeps what was ever joined with it.
  const never = (): AbortSignal => new AbortController().signal;
  const poolFor = (kind: OptimizationThreadJob['kind'], spec: OptimizationSpec): ThreadPool =>
    kind === 'check' && isSlowToPlan(spec) ? widePool : pool;
  const ask = <Kind extends OptimizationThreadJob['kind']>(
    job: Asked<Kind> & { readonly kind: Kind },
    spec: OptimizationSpec,
    cancel: AbortSignal,
  ): Promise<Answered<Kind>> =>
    runsForeignCode(spec) && 'work' in job
      ? ownPools.use((job as { readonly work: SharedWork }).work.id, (own) =>
          inThread(own, true, together, options, job, spec, cancel),
        )
      : inThread(poolFor(job.kind, spec), !runsForeignCode(spec), together, options, job, spec, cancel);
  const jobs = new SharedJobs({
    maxColumnBytes,
    load: async ({ request: { spec, identity } }) => {
      const { loaded } = await ask({ kind: 'load', spec, keep: true }, spec, never());
      refuseChange(identity, loaded.identity);
      return loaded.markets;
    },
    columns: async (work, { from, to }, maxBytes) =>
      (await ask({ kind: 'columns', work, from, to, maxBytes }, work.spec, never())).columns,
  });
  const portions = new PortionSize();
  return {
    check: async (spec, { cancel } = { cancel: never() }) => (await ask({ kind: 'check', spec }, spec, cancel)).checked,
    checkIdentity: async ({ spec, identity }) => {
      const { loaded } = await ask({ kind: 'load', spec, keep: false }, spec, never());
      refuseChange(identity, loaded.identity);
    },
    evaluate: async (job, range, run) => {
      const { spec } = job.request;
      // Work that others share goes on for them; whoever gives up does not wait for it.
      await orAborted(jobs.prepare(job, range), run.cancel);
      await inPortions(job, range, run, portions, async ({ from, to }) => {
        const work = await jobs.workOf(job);
        return (await ask({ kind: 'evaluate', work, from, to, maxColumnBytes }, spec, run.cancel)).rows;
      });
    },
    conclude: async (job, { cancel, earlierTrials }) => {
      const { key, request } = job;
      const work = await orAborted(jobs.workOf(job), cancel);
      const { spec, plan } = request;
      const returns = await inPieces(sampledCount(plan.total), options.threads, async (from, to) => {
        const asked = { kind: 'returns', work, from, to, maxColumnBytes } as const;
        return (await ask(asked, spec, cancel)).returns;
      });
      const asked = { kind: 'conclude', work, key, earlierTrials, returns, maxColumnBytes } as const;
      return (await ask(asked, spec, cancel)).result;
    },
    close: async () => {
      await Promise.all([pool.close(), widePool.close(), ownPools.close()]);
    },
  };
}

/** Pieces for each thread: so that one that is slow does not keep the others waiting for long. */
const PIECES_PER_THREAD = 2;

/** What `work` gives for equal pieces of 0 to `count`, as many at a time as there are threads. The first failure stands; no piece begins after it. */
async function inPieces<T>(
  count: number,
  threads: number,
  work: (from: number, to: number) => Promise<T>,
): Promise<readonly T[]> {
  const size = Math.max(1, Math.ceil(count / (threads * PIECES_PER_THREAD)));
  const done: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const from = next;
      next = Math.min(count, from + size);
      try {
        done.push(await work(from, next));
      } catch (error) {
        next = count;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: threads }, lane));
  return done;
}

type Compute = (range: PositionRange) => Promise<Parameters<EvaluateOptions['onRows']>[0]>;

/** Portion after portion: while one is computed, the rows of the one before are stored. */
async function inPortions(
  { id }: OptimizationJob,
  range: PositionRange,
  { onRows }: EvaluateOptions,
  portions: PortionSize,
  compute: Compute,
): Promise<void> {
  let storing: Promise<void> = Promise.resolve();
  try {
    let began = performance.now();
    for (let next = range.from; next < range.to;) {
      const portion = { from: next, to: Math.min(range.to, next + portions.of(id, range.to - next)) };
      const rows = await compute(portion);
      portions.learn(id, portion, performance.now() - began);
      await storing;
      next = portion.to;
      const now = performance.now();
      storing = onRows(rows, { next, busyMs: now - began });
      // It is awaited in a moment; until then a failure is nobody's.
      storing.catch(() => undefined);
      began = now;
    }
  } finally {
    await storing;
  }
}

async function inThread<Kind extends OptimizationThreadJob['kind']>(
  pool: ThreadPool,
  keepThread: boolean,
  together: Set<Silence>,
  options: OptimizationRunnerOptions,
  asked: Asked<Kind>,
  spec: OptimizationSpec,
  cancel: AbortSignal,
): Promise<Answered<Kind>> {
  const { databaseUrl } = options;
  const control = new RunControl();
  // Lines of ours that the thread computes for itself are counted with what a strategy keeps.
  control.maxBufferMb = options.maxHeapMb + options.maxColumnMb;
  const over = new AbortController();
  const stuck = new AbortController();
  // A portion leaves nothing behind, so its thread may be ended at any moment.
  const kill = AbortSignal.any([cancel, stuck.signal]);
  const job = { ...asked, databaseUrl, control: control.memory };
  try {
    const outcome = (await pool.run(job, {
      kill,
      keepThread,
      onStart: () =>
        void watchWork(control, { ...options, kind: asked.kind, stuck, over: over.signal, spec, together }),
    })) as OptimizationThreadOutcome;
    if (outcome.kind === 'problem') throw new OptimizationFailure(outcome.problem);
    return outcome as Answered<Kind>;
  } catch (error) {
    throw error instanceof ThreadEnded ? endedBy(error, spec) : error;
  } finally {
    over.abort();
  }
}

/** A thread that died took its work with it; with a user's code in it that is the likely cause, and trying again would not help. */
function endedBy(ended: ThreadEnded, spec: OptimizationSpec): Error {
  const failed = (code: 'OUT_OF_MEMORY' | 'STRATEGY_FAILED', detail: string): Error =>
    new OptimizationFailure({ code, detail, errors: [], place: null });
  if (ended.outOfMemory) {
    return failed(
      'OUT_OF_MEMORY',
      'the work took more memory than a thread may: keep less in the strategy, or run fewer bars',
    );
  }
  return runsForeignCode(spec) ? failed('STRATEGY_FAILED', `the strategy ended its thread: ${ended.message}`) : ended;
}

import { BacktestFailure, failure } from '../../domain/backtest/failure.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { pause } from '../abortable.ts';
import { RunControl } from '../backtests/control.ts';
import type { Decided, DecideRequest, SessionDecider } from '../ports/session-decider.ts';
import { mostKeptFor, ThreadEnded, ThreadPool } from '../threads/thread-pool.ts';
import { placeOf, SessionPlaces } from './session-places.ts';
import { SharedCandles } from './shared-candles.ts';
import type { SessionJob, SessionOutcome } from './thread-job.ts';

export interface SessionDeciderOptions {
  readonly threads: number;
  /** How long a user's strategy may work on without a sign of life. */
  readonly stuckAfterMs: DurationMs;
  /** Most memory for the objects of one thread. */
  readonly maxHeapMb: number;
}

const LOOK_EVERY_MS = 100;
/** Strategies of ours give no signs: the slowest on a million bars takes seconds. */
const OWN_STUCK_AFTER_MS = 120_000;

/** Decides in threads, each watched: a strategy that hangs or takes too much memory ends with its thread, and the others go on. */
export function createSessionDecider(options: SessionDeciderOptions): SessionDecider {
  const { threads, maxHeapMb } = options;
  const code = { path: './session-thread', besides: import.meta.url };
  // A session has its thread, where its books are kept from step to step: one of those of its file, or of ours.
  const foreign = new ThreadPool({ code, threads, maxHeapMb });
  const own = Array.from({ length: threads }, () => new ThreadPool({ code, threads: 1, maxHeapMb }));
  const places = new SessionPlaces({ threads, mostKept: mostKeptFor(threads), now: () => performance.now() });
  const candles = new SharedCandles();
  let isClosed = false;
  return {
    decide: async (request) => {
      const isForeign = 'file' in request.session.spec.strategy;
      const pool = isForeign ? foreign : own[placeOf(request.session.id, threads)]!;
      const keptFor = isForeign ? places.of(fileOf(request), request.session.id) : null;
      const again = (error: unknown): Promise<Decided> => {
        if (isClosed || !(error instanceof ThreadEnded) || (isForeign && !error.outOfMemory)) throw error;
        // It may have died of what it kept of other sessions: a new thread keeps nothing.
        return inThread({ pool, keptFor }, shared(candles, request), options);
      };
      try {
        return await inThread({ pool, keptFor }, shared(candles, request), options).catch(again);
      } catch (error) {
        // One that was ended because all are says nothing of the session.
        throw error instanceof ThreadEnded && !isClosed ? endedBy(error, options) : error;
      }
    },
    close: async () => {
      isClosed = true;
      await Promise.all([foreign, ...own].map((pool) => pool.close()));
    },
  };
}

function shared(memory: SharedCandles, request: DecideRequest): DecideRequest {
  const { spec, firstCandle } = request.session;
  const candles = request.candles.map((each) =>
    memory.share(`${spec.venue} ${each.symbol} ${each.timeframe} ${firstCandle}`, each),
  );
  return { ...request, candles };
}

/** Where a session is decided. */
interface Place {
  readonly pool: ThreadPool;
  /** Whose code runs there; `null` for ours. */
  readonly keptFor: string | null;
}

async function inThread(
  { pool, keptFor }: Place,
  request: DecideRequest,
  { stuckAfterMs, maxHeapMb }: SessionDeciderOptions,
): Promise<Decided> {
  const control = new RunControl();
  control.maxBufferMb = maxHeapMb;
  const kill = new AbortController();
  const over = new AbortController();
  const job: SessionJob = { request, control: control.memory };
  const patience = keptFor !== null ? stuckAfterMs : OWN_STUCK_AFTER_MS;
  try {
    const outcome = (await pool.run(job, {
      kill: kill.signal,
      // Code of a user's may have left something behind in its thread, and opening one takes longer than most decisions: it is kept for that code.
      keepThread: true,
      ...(keptFor === null ? {} : { keptFor }),
      onStart: () => void watch(control, request, { kill, over: over.signal, stuckAfterMs: patience }),
    })) as SessionOutcome;
    if ('problem' in outcome) throw new BacktestFailure(outcome.problem);
    return outcome.decided;
  } finally {
    over.abort();
  }
}

/** A user's file with its content. */
function fileOf({ session: { spec, strategyHash } }: DecideRequest): string {
  return 'file' in spec.strategy ? `${strategyHash} ${spec.strategy.file}` : '';
}

/** A thread that died would die again on the same session: with its strategy in it, of ours or of a user's, that is the likely cause. */
function endedBy({ outOfMemory, message }: ThreadEnded, { maxHeapMb }: SessionDeciderOptions): BacktestFailure {
  return outOfMemory
    ? failure(
        'OUT_OF_MEMORY',
        `the strategy and the books of the session took more than ${maxHeapMb} MB of memory: keep less in the strategy, raise TRADEWIND_RUN_HEAP_MB, or stop the session and start a new one`,
      )
    : failure('STRATEGY_FAILED', `the strategy ended its thread: ${message}`);
}

interface Watched {
  readonly kill: AbortController;
  readonly over: AbortSignal;
  readonly stuckAfterMs: DurationMs;
}

/** Ends a thread that gives no sign of life for too long. */
async function watch(control: RunControl, { session, bars }: DecideRequest, watched: Watched): Promise<void> {
  const { kill, over, stuckAfterMs } = watched;
  let pulse = control.pulse;
  let since = performance.now();
  while (!over.aborted) {
    control.askMeasure();
    if (control.pulse !== pulse) {
      pulse = control.pulse;
      since = performance.now();
    } else if (performance.now() - since > stuckAfterMs) {
      const newest = bars.at(-1);
      const where = newest === undefined ? '' : ` on the way to bar ${new Date(newest.time).toISOString()}`;
      kill.abort(
        failure(
          'STRATEGY_STUCK',
          `the strategy of session ${session.id} gave no sign of life for ${stuckAfterMs / 1000} s${where} and was ended: look for a loop without an end`,
        ),
      );
      return;
    }
    await pause(LOOK_EVERY_MS, over);
  }
}

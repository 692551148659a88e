import { setTimeout as delay } from 'node:timers/promises';
import { BacktestFailure, failure, type FailurePlace } from '../../domain/backtest/failure.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { RunOptions } from '../ports/backtest-store.ts';
import type { RunControl } from './control.ts';
import { noData } from './no-data.ts';

const LOOK_EVERY_MS = 100;
/** How long a run that was told to stop may take to hear it. */
const CANCEL_WITHIN_MS = 1_000;
/** How long a file may take to load, however patient one is with its strategy. */
const LOAD_WITHIN_MS = 10_000;
/** How long a step of summing up may take: seconds for millions of bars. */
const SUM_UP_WITHIN_MS = 600_000;
/** What everything else in the process may grow by while a run is silent. */
const OTHERS_GROWTH_MB = 512;
const MB = 2 ** 20;

export interface Watch {
  readonly cancel: AbortSignal;
  readonly kill: AbortController;
  /** The job has its answer. */
  readonly over: AbortSignal;
  readonly stuckAfterMs: DurationMs;
  readonly readWithinMs: DurationMs;
  readonly onProgress: RunOptions['onProgress'];
  readonly request: BacktestRequest;
  /** Runs that are watched at the same time, this one among them. */
  readonly together: Set<Silence>;
}

/** Since when a run gave no sign of life, and how much memory the process had then. */
export interface Silence {
  since: DurationMs;
  /** Bytes. */
  memory: number;
}

/**
 * Looks at a run until it is over: tells its progress, lets it be cancelled, and ends it when it hangs, when no data comes, or when its
 * strategy takes memory without an end.
 */
export async function watchRun(control: RunControl, options: Watch): Promise<void> {
  const { cancel, kill, over, onProgress, together } = options;
  const silence: Silence = { since: performance.now(), memory: process.memoryUsage.rss() };
  let pulse = '';
  let cancelledAt: number | null = null;
  together.add(silence);
  while (!over.aborted) {
    const now = performance.now();
    if (cancel.aborted) {
      cancelledAt ??= now;
      control.cancel();
      if (now - cancelledAt > CANCEL_WITHIN_MS) kill.abort(cancel.reason);
    }
    control.askMeasure();
    if (control.pulse !== pulse) {
      pulse = control.pulse;
      silence.since = now;
      silence.memory = process.memoryUsage.rss();
      onProgress?.(control.progress);
    } else {
      const problem =
        silentFor(now - silence.since, control, options) ??
        ('file' in options.request.spec.strategy ? growing(silence, control, together) : null);
      if (problem !== null) kill.abort(problem);
    }
    await delay(LOOK_EVERY_MS, undefined, { ref: false });
  }
  together.delete(silence);
}

/** What is said of a run that was silent for so long, or `null` while that is no reason to end it. */
function silentFor(silentMs: DurationMs, control: RunControl, options: Watch): Error | null {
  const { stuckAfterMs, readWithinMs, request } = options;
  const { phase } = control;
  if (phase === 'reading' && silentMs > readWithinMs) {
    const problem = noData(request.spec.data, readWithinMs);
    return problem instanceof Error ? problem : new BacktestFailure(problem);
  }
  const loadWithinMs = Math.min(LOAD_WITHIN_MS, stuckAfterMs);
  if (phase === 'loading' && silentMs > loadWithinMs) return stuck('while its file was loaded', control, loadWithinMs);
  if (phase === 'strategy' && silentMs > stuckAfterMs) return stuck(whereOf(control), control, stuckAfterMs);
  if (phase === 'summary' && silentMs > SUM_UP_WITHIN_MS) {
    const detail = `the bars were done, but a step of summing them up took more than ${SUM_UP_WITHIN_MS / 1000} s: run fewer bars, or a strategy with fewer trades`;
    return failure('RUN_FAILED', detail);
  }
  return null;
}

function stuck(where: string, control: RunControl, afterMs: DurationMs): BacktestFailure {
  return failure(
    'STRATEGY_STUCK',
    `the strategy gave no sign of life for ${afterMs / 1000} s ${where} and was ended: look for a loop without an end`,
    [],
    placeOf(control),
  );
}

function whereOf({ askedBar, progress }: RunControl): string {
  if (askedBar !== null) return `at bar ${askedBar}`;
  return progress.barsDone === 0 ? 'before its first bar' : `after ${progress.barsDone} of ${progress.bars} bars`;
}

/**
 * Buffers lie outside of the heap that a thread is bounded by, and a strategy that makes them without an end in one bar cannot be asked:
 * but the process grows. Of several silent runs the one that has been so for longest is thought to be the cause.
 */
export function growing(silence: Silence, control: RunControl, together: Iterable<Silence>): BacktestFailure | null {
  const { maxBufferMb } = control;
  if (!control.isInStrategy || maxBufferMb === 0) return null;
  const grown = process.memoryUsage.rss() - silence.memory;
  if (grown <= (maxBufferMb + OTHERS_GROWTH_MB) * MB) return null;
  for (const { since } of together) if (since < silence.since) return null;
  const where = control.phase === 'loading' ? 'while its file was loaded' : whereOf(control);
  const detail = `the process grew by ${Math.round(grown / MB)} MB ${where} of the strategy, and ${maxBufferMb} MB in buffers are allowed: keep less`;
  return failure('OUT_OF_MEMORY', detail, [], placeOf(control));
}

function placeOf({ askedBar }: RunControl): FailurePlace {
  return { symbol: null, bar: askedBar, time: null, line: null };
}

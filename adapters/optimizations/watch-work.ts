import { setTimeout as delay } from 'node:timers/promises';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { planningTooLong } from '../../domain/optimization/job/planning.ts';
import { OptimizationFailure } from '../../domain/optimization/job/problem.ts';
import type { OptimizationSpec } from '../../domain/optimization/spec.ts';
import type { RunControl } from '../backtests/control.ts';
import { noData, READ_WITHIN_MS } from '../backtests/no-data.ts';
import { growing, type Silence } from '../backtests/watch-run.ts';
import type { OptimizationThreadJob } from './thread-job.ts';

const LOOK_EVERY_MS = 250;
const PLAN_WITHIN_MS = 20_000;

export interface Watch {
  /** How long a user's strategy may work on without a sign of life. */
  readonly stuckAfterMs: DurationMs;
  /** How long the planning of a check may take; 20 s by default. */
  readonly planWithinMs?: DurationMs;
  readonly kind: OptimizationThreadJob['kind'];
  readonly stuck: AbortController;
  /** The thread has answered. */
  readonly over: AbortSignal;
  readonly spec: OptimizationSpec;
  /** Pieces of work with code of users' that are watched at the same time. */
  readonly together: Set<Silence>;
}

/**
 * Looks at a thread until it answers, and ends it when a user's strategy hangs or takes memory without an end, when no data comes, or when
 * planning takes too long.
 */
export async function watchWork(control: RunControl, options: Watch): Promise<void> {
  const { stuck, over, together, spec } = options;
  const silence: Silence = { since: performance.now(), memory: process.memoryUsage.rss() };
  let pulse = '';
  const isForeign = runsForeignCode(spec);
  if (isForeign) together.add(silence);
  while (!over.aborted) {
    const now = performance.now();
    control.askMeasure();
    if (control.pulse !== pulse) {
      pulse = control.pulse;
      silence.since = now;
      silence.memory = process.memoryUsage.rss();
    } else {
      const grown = isForeign ? growing(silence, control, together) : null;
      const problem =
        grown === null ? silentFor(now - silence.since, control, options) : new OptimizationFailure(grown.problem);
      if (problem !== null) stuck.abort(problem);
    }
    await delay(LOOK_EVERY_MS, undefined, { ref: false });
  }
  together.delete(silence);
}

/** What is said of a thread that was silent for so long, or `null` while that is no reason to end it. */
function silentFor(silentMs: DurationMs, control: RunControl, options: Watch): Error | null {
  const { kind, spec, stuckAfterMs, planWithinMs = PLAN_WITHIN_MS } = options;
  if (control.isInStrategy && silentMs > stuckAfterMs) {
    const detail = `the strategy gave no sign of life for ${stuckAfterMs / 1000} s and was ended: look for a loop without an end`;
    return new OptimizationFailure({ code: 'STRATEGY_STUCK', detail, errors: [], place: null });
  }
  if (control.phase === 'reading' && silentMs > READ_WITHIN_MS) {
    const problem = noData(spec.backtest.data, READ_WITHIN_MS);
    return problem instanceof Error ? problem : new OptimizationFailure(problem);
  }
  // Whatever comes after reading and loading is the planning, which says nothing on its way.
  if (kind === 'check' && control.phase === 'summary' && silentMs > planWithinMs) {
    return new OptimizationFailure(planningTooLong(spec, planWithinMs));
  }
  return null;
}

/** A thread in which somebody else's code has run may no longer be what it was: it serves no other job. */
export function runsForeignCode({ backtest }: OptimizationSpec): boolean {
  return 'file' in backtest.strategy;
}

import type { ExecutionTimeline } from '../../adapters/storage/execution-timeline.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { Finding } from './judge.ts';
import type { RunningExecution } from './start-executions.ts';
import type { Kill } from './strikes.ts';

/** How long one execution took to go on after one kill. */
export interface Recovery {
  readonly target: string;
  readonly executionId: string;
  /**
   * From the instant at which the killed process served again to the next progress of the execution; from the kill itself where the process was
   * killed for good.
   */
  readonly ms: DurationMs;
  /** Whether an order of the execution was open, its outcome perhaps unknown, when the process served again. */
  readonly unresolved: boolean;
}

/** A few figures about a list of lengths of time; all `null` for an empty list. */
export interface Spread {
  readonly count: number;
  readonly p50: DurationMs | null;
  readonly p95: DurationMs | null;
  readonly max: DurationMs | null;
}

/**
 * The recoveries of a run: one for each kill and each execution that was accepted before it and not over when the process served again.
 * Progress is a decision, the end of an order, or the end of the execution. The time until the next slice is due is part of it, since nobody
 * can tell from outside whether an execution waits or hangs.
 */
export function recoveriesOf(
  kills: readonly Kill[],
  executions: readonly RunningExecution[],
  timeline: ExecutionTimeline,
): readonly Recovery[] {
  const recoveries: Recovery[] = [];
  for (const { target, at, forGood, ...kill } of kills) {
    const upAt = forGood ? at : kill.upAt;
    if (upAt === null) continue;
    for (const { id, acceptedAt } of executions) {
      if (acceptedAt > at) continue;
      const next = timeline.progress.find((mark) => mark.executionId === id && mark.at > upAt);
      if (next === undefined) continue;
      const unresolved = timeline.orders.some(
        (order) => order.executionId === id && order.sentAt <= upAt && (order.endedAt === null || order.endedAt > upAt),
      );
      recoveries.push({ target, executionId: id, ms: next.at - upAt, unresolved });
    }
  }
  return recoveries;
}

/** Median, 95th percentile (nearest rank) and maximum. */
export function spreadOf(lengths: readonly DurationMs[]): Spread {
  const sorted = lengths.toSorted((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), max: sorted.at(-1) ?? null };
}

/** The failure of recoveries whose 95th percentile is longer than `withinMs`; `null` when it is not, or nothing bounds it. */
export function recoveryFinding({ p95 }: Spread, withinMs: DurationMs | null): Finding | null {
  if (withinMs === null || p95 === null || p95 <= withinMs) return null;
  const detail = `5 in 100 recoveries took ${p95 / 1_000} s or longer, and ${withinMs / 1_000} s are allowed`;
  return { executionId: null, kind: 'recovery', detail };
}

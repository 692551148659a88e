import { availableParallelism } from 'node:os';
import { ConfigError, type Environment, optional } from '../adapters/config.ts';
import type { DurationMs } from '../domain/market/decimal.ts';

export interface ComputeSettings {
  /** Runs at once, each in a thread of its own. */
  readonly threads: number;
  /** How long a strategy may work on without a sign of life before it is ended. */
  readonly stuckAfterMs: DurationMs;
  /** Most memory for the objects of one run, and as much again for buffers of its strategy, in MB; columns of numbers of ours do not count. */
  readonly maxHeapMb: number;
  /** Most memory for the lines of one optimisation that all threads share, and for those that a thread computes for itself, in MB. */
  readonly maxColumnMb: number;
}

function whole(env: Environment, name: string, fallback: number, most: number): number {
  const text = optional(env, name, String(fallback));
  const value = Number(text);
  if (/^[1-9]\d{0,8}$/.test(text) && value <= most) return value;
  throw new ConfigError(`${name}="${text}": give a whole number from 1 to ${most}`);
}

/** The compute worker's settings from the environment. Throws a `ConfigError` that names the variable. */
export function computeSettings(env: Environment): ComputeSettings {
  return {
    threads: whole(env, 'TRADEWIND_COMPUTE_THREADS', availableParallelism(), 256),
    stuckAfterMs: whole(env, 'TRADEWIND_STRATEGY_STUCK_S', 30, 86_400) * 1_000,
    maxHeapMb: whole(env, 'TRADEWIND_RUN_HEAP_MB', 2_048, 1_000_000),
    maxColumnMb: whole(env, 'TRADEWIND_COLUMNS_MB', 256, 1_000_000),
  };
}

import type { DurationMs } from '../../domain/market/decimal.ts';

/** How to launch one process. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Whom to run as, where that is not the user of the supervisor. */
  readonly runAs?: { readonly uid: number; readonly gid: number };
}

/** A process while it runs, as its readiness check sees it. */
export interface RunningProcess {
  readonly pid: number;
  /** The value of its `tradewind:ready` line, once it has written one. */
  readonly announced: Promise<unknown>;
  /** Aborted when the process has ended: a readiness check then gives up. */
  readonly ended: AbortSignal;
}

/** One supervised process of the stack. */
export interface Service {
  /** Its name in `stack.json`. */
  readonly name: string;
  readonly launch: Launch;
  /** Clears away, before every launch, what a killed predecessor may have left. */
  prepare?(): Promise<void>;
  /** Resolves when the process serves. May take what the process announced. */
  ready(running: RunningProcess): Promise<void>;
  readonly readyWithinMs: DurationMs;
  /** The signal that makes it drain, and how long it may take before it is killed. */
  readonly stopSignal: NodeJS.Signals;
  readonly stopWithinMs: DurationMs;
}

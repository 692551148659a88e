import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';

/** An execution that Postgres says is under way. */
export interface OpenExecution {
  readonly id: string;
  readonly workflowId: string;
  /** When it ends at the latest, as amended. */
  readonly endAt: EpochMs;
  /** Children up to that number were not to wait at the venue any longer; 0 when none was. */
  readonly withdrawnChild: number;
}

/** Executions under way, as Postgres has them. */
export interface OpenExecutions {
  /** Those that are running or paused, whose workflow has been seen to start and that were accepted at least `minAgeMs` ago. */
  listOpen(minAgeMs: DurationMs): Promise<readonly OpenExecution[]>;
}

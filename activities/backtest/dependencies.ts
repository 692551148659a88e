import type { BacktestRunner, BacktestStore } from '../../adapters/ports/backtest-store.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';

/** Everything that a backtest is run with. */
export interface BacktestDependencies {
  readonly store: Pick<BacktestStore, 'findBacktest' | 'recordStart' | 'recordProgress' | 'recordResult' | 'recordEnd'>;
  readonly runner: Pick<BacktestRunner, 'run'>;
  /** Pause between two records of the progress. */
  readonly recordEveryMs: DurationMs;
  log(message: string, details: Readonly<Record<string, unknown>>): void;
}

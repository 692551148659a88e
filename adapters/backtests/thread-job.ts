import type { BacktestProblem } from '../../domain/backtest/failure.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { BacktestCheck, BacktestOutput, StrategyCheck } from '../ports/backtest-store.ts';

/** What a thread is asked to do. */
export interface BacktestJob {
  readonly kind: 'run' | 'check' | 'check-strategy';
  readonly request: BacktestRequest;
  /** Where stored data sets are; `null` without a stack. */
  readonly databaseUrl: string | null;
  /** Memory of a `RunControl`. */
  readonly control: SharedArrayBuffer;
}

/** What it answers. */
export type ThreadOutcome =
  | { readonly output: BacktestOutput }
  | { readonly check: BacktestCheck }
  | { readonly strategyCheck: StrategyCheck }
  | { readonly problem: BacktestProblem }
  | { readonly cancelled: true };

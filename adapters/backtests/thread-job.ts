import type { BacktestProblem } from '../../domain/backtest/failure.ts';
import type { BacktestRequest } from '../../domain/backtest/spec/parse-spec.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { BacktestCheck, BacktestOutput, StrategyCheck } from '../ports/backtest-store.ts';
import type { StrategyFacts } from '../ports/strategy-inspector.ts';

/** What a thread is asked to do. */
export interface BacktestJob {
  readonly kind: 'run' | 'check' | 'check-strategy' | 'inspect';
  readonly request: BacktestRequest;
  /** Where stored data sets are; `null` without a stack. */
  readonly databaseUrl: string | null;
  /** Of `inspect`: how long the bars are that the strategy would be asked at. */
  readonly timeframe?: Timeframe;
  /** Memory of a `RunControl`. */
  readonly control: SharedArrayBuffer;
}

/** What it answers. */
export type ThreadOutcome =
  | { readonly output: BacktestOutput }
  | { readonly check: BacktestCheck }
  | { readonly facts: StrategyFacts }
  | { readonly strategyCheck: StrategyCheck }
  | { readonly problem: BacktestProblem }
  | { readonly cancelled: true };

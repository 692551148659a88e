import type { BacktestProblem } from '../../domain/backtest/failure.ts';
import type { Decided, DecideRequest } from '../ports/session-decider.ts';

/** What a thread of sessions is asked to do. */
export interface SessionJob {
  /** Its candles lie in shared memory. */
  readonly request: DecideRequest;
  /** Memory of a `RunControl`. */
  readonly control: SharedArrayBuffer;
}

/** What it answers. */
export type SessionOutcome = { readonly decided: Decided } | { readonly problem: BacktestProblem };

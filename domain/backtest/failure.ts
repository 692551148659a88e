import type { FieldProblem } from '../parameters/param-spec.ts';
import type { EpochMs } from '../market/decimal.ts';

/** Why a backtest has no result. The codes are stable. */
export type BacktestFailureCode =
  /** A field of the spec, found only once strategy and data were at hand. */
  | 'INVALID_SPEC'
  | 'UNKNOWN_DATASET'
  | 'INVALID_DATA'
  | 'EMPTY_RANGE'
  /** The strategy's warm-up leaves no bar to trade on. */
  | 'TOO_FEW_BARS'
  /** Data, engine or strategy are not those of the manifest. */
  | 'REPLAY_DIFFERS'
  /** The strategy's file cannot be loaded, or is no strategy. */
  | 'INVALID_STRATEGY'
  /** The strategy threw. */
  | 'STRATEGY_FAILED'
  /** The strategy made no progress for too long, and was ended. */
  | 'STRATEGY_STUCK'
  | 'OUT_OF_MEMORY'
  /** Worker after worker died while it ran the backtest. */
  | 'WORKER_LOST'
  /** Something of ours broke. */
  | 'RUN_FAILED';

/** Where in the data and in the code a strategy failed. */
export interface FailurePlace {
  readonly symbol: string | null;
  readonly bar: number | null;
  readonly time: EpochMs | null;
  /** Line of the user's file, `my-strategy.mjs:12:5`. */
  readonly line: string | null;
}

/** A failure as plain data: what is stored and shown. */
export interface BacktestProblem {
  readonly code: BacktestFailureCode;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  readonly place: FailurePlace | null;
}

/** A backtest that cannot be run, or whose run failed, for a reason that trying again does not take away. */
export class BacktestFailure extends Error {
  readonly problem: BacktestProblem;

  constructor(problem: BacktestProblem) {
    super(problem.detail);
    this.name = 'BacktestFailure';
    this.problem = problem;
  }
}

/** A failure with the fields that it is about; without a text of its own they are the text. */
export function failure(
  code: BacktestFailureCode,
  detail: string | null,
  errors: readonly FieldProblem[] = [],
  place: FailurePlace | null = null,
): BacktestFailure {
  const told = errors.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
  return new BacktestFailure({ code, detail: detail ?? told, errors, place });
}

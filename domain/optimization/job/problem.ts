import type { BacktestFailureCode, FailurePlace } from '../../backtest/failure.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';

/** Why an optimisation failed. The codes are stable. */
export type OptimizationFailureCode =
  | BacktestFailureCode
  /** Data, engine, strategy or seed are no longer those that the job began with. */
  | 'OPTIMIZATION_CHANGED';

/** A failure as plain data: what is stored and shown. */
export interface OptimizationProblem {
  readonly code: OptimizationFailureCode;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  readonly place: FailurePlace | null;
}

/** An optimisation that cannot be run, or go on, for a reason that trying again does not take away. */
export class OptimizationFailure extends Error {
  readonly problem: OptimizationProblem;

  constructor(problem: OptimizationProblem) {
    super(problem.detail);
    this.name = 'OptimizationFailure';
    this.problem = problem;
  }
}

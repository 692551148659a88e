import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { Problem } from '../problems.ts';

/** What is looked at before a session starts, in this order. */
export type CheckName =
  | 'account'
  | 'symbols'
  | 'strategy'
  | 'candles'
  | 'size'
  | 'stops'
  | 'balance'
  | 'trade-permission'
  | 'withdraw-permission'
  | 'clock'
  | 'limits'
  | 'halts';

/** One line of a check list. */
export interface CheckLine {
  readonly check: CheckName;
  /**
   * `problem`: no session starts; `unknown`: the venue does not tell; `warning`: it can trade, and somebody should know. Live money
   * takes more than `ok` only with a confirmation.
   */
  readonly outcome: 'ok' | 'warning' | 'unknown' | 'problem';
  readonly detail: string;
  /** What a start is refused with; `null` unless the outcome is a problem. */
  readonly problem: Problem | null;
}

export const fine = (check: CheckName, detail: string): CheckLine => ({ check, outcome: 'ok', detail, problem: null });

export const open = (check: CheckName, outcome: 'warning' | 'unknown', detail: string): CheckLine => ({
  check,
  outcome,
  detail,
  problem: null,
});

/** A line that keeps the session from starting. */
export function wrong(check: CheckName, code: ProblemCode, detail: string, errors: readonly FieldProblem[]): CheckLine {
  return { check, outcome: 'problem', detail, problem: new Problem(code, detail, errors) };
}

/** The same for a problem that somebody else has found; what is no `Problem` is thrown on. */
export function wrongBy(check: CheckName, error: unknown): CheckLine {
  if (!(error instanceof Problem)) throw error;
  return { check, outcome: 'problem', detail: error.message, problem: error };
}

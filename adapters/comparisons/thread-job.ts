import type { BacktestProblem } from '../../domain/backtest/failure.ts';
import type { Commission } from '../../domain/backtest/settings.ts';
import type { SessionComparison } from '../../domain/session/comparison/compare-session.ts';

/** What the thread of comparisons is asked to do. */
export interface ComparisonJob {
  readonly sessionId: string;
  readonly databaseUrl: string;
}

/** A comparison, and the fees that the backtest was reckoned with: those that the session has paid. */
export type ComparisonDocument = SessionComparison & { readonly commission: Commission };

export type ComparisonOutcome = { readonly comparison: ComparisonDocument } | { readonly problem: BacktestProblem };

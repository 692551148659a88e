/** Workflow type of a backtest. */
export const BACKTEST_WORKFLOW = 'backtest';

/** The queue of whoever computes: its workers run no workflows. */
export const COMPUTE_QUEUE = 'compute';

/** The workflow id of a backtest: a business id, so that a second start of it is refused by the server. */
export function backtestWorkflowId(backtestId: string): string {
  return `backtest/${backtestId}`;
}

export interface BacktestInput {
  readonly backtestId: string;
  /** What people read: strategy, symbols and the like, name by name. The spec itself stays in the store. */
  readonly facts: Readonly<Record<string, string>>;
  /** "sma-cross on BTC-PERP". */
  readonly title: string;
}

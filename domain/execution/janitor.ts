import type { Amounts } from '../portfolio/account-trade.ts';

/** What one reconciliation of an account did and found, in numbers. */
export interface ReconciliationFindings {
  /** Orders of ours that nobody had brought to their end, now at it. */
  readonly settled: number;
  /** Orders of ours that the venue gave no conclusive answer about in time, or that it would not take off its book. */
  readonly unsettled: number;
  /** Trades of ours that came to light after their order had ended: each is an alarm. */
  readonly lateFills: number;
  /** Trades of unsettled orders of ours that had not been stored. */
  readonly fills: number;
  /** Orders of ours that had been closed as never placed and that the venue shows now. */
  readonly reappeared: number;
  /** Orders of ours that rested at the venue although they had ended for us, and were cancelled. */
  readonly orphansCancelled: number;
  /** Open orders of somebody else on the account: reported, never touched. */
  readonly foreignOrders: number;
  /** Trades of somebody else on the account that had not been stored. */
  readonly foreignTrades: number;
  /** Trades whose order the venue does not show, so that nobody can say whose they are yet. */
  readonly unattributedTrades: number;
  /** Symbols of ours that the venue has taken off its list: they can be asked about no more. */
  readonly unlisted: number;
}

/** What a reconciliation of one account found. */
export interface Reconciliation {
  readonly findings: ReconciliationFindings;
  /** Amounts by asset that neither our fills nor foreign trades explain; a deposit is positive. */
  readonly differences: Amounts;
}

/** The janitor's activities on the queue `trading`. */
export interface JanitorActivities {
  /** Ends executions whose workflow is over, and gives their ids. */
  closeAbandonedExecutions(): Promise<readonly string[]>;
  /** Ids of the venue accounts to look after. */
  listAccounts(): Promise<readonly string[]>;
}

/** The janitor's activity on the queue of a venue account. */
export interface AccountJanitorActivities {
  sweepAccount(): Promise<Reconciliation>;
}

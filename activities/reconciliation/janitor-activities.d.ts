import { type Reconciliation } from '../execution/reconcile-account.ts';
import { type AbandonedDependencies } from './close-abandoned.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
/** The janitor's activities on the queue `trading`. */
export interface JanitorActivities {
  /** Ends executions whose workflow is over, and gives their ids. */
  closeAbandonedExecutions(): Promise<readonly string[]>;
  /** Ids of the venue accounts to look after. */
  listAccounts(): Promise<readonly string[]>;
}
/** The janitor's activities on the queue of a venue account. */
export interface AccountJanitorActivities {
  sweepAccount(): Promise<Reconciliation>;
}
export interface JanitorDependencies extends AbandonedDependencies {
  accounts(): Promise<readonly string[]>;
}
export declare function createJanitorActivities(deps: JanitorDependencies): JanitorActivities;
export declare function createAccountJanitorActivities(deps: ReconciliationDependencies): AccountJanitorActivities;

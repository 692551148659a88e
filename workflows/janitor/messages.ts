import type { Reconciliation } from '../../domain/execution/janitor.ts';

/** Workflow type of the janitor. */
export const JANITOR_WORKFLOW = 'janitor';

/** The schedule that starts it, and the beginning of its workflows' ids. */
export const JANITOR_SCHEDULE = 'janitor';

export interface JanitorInput {
  /** How long an account's worker may keep us waiting, in ms; tests lower it. */
  readonly workerWithinMs?: number;
}

/** What one run found on one account. */
export type AccountSweep =
  | ({ readonly venue: string; readonly outcome: 'reconciled' } & Reconciliation)
  /** Its worker or its venue did not answer in time; the next run tries again. */
  | { readonly venue: string; readonly outcome: 'not-reconciled'; readonly reason: string };

export interface JanitorReport {
  /** Executions that were ended because their workflow is over. */
  readonly abandoned: readonly string[];
  readonly accounts: readonly AccountSweep[];
}

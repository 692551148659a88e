import { alive } from '../execution/venue-activities.ts';
import type { AccountJanitorActivities, JanitorActivities } from '../../domain/execution/janitor.ts';
import { reconcileAccount } from '../execution/reconcile-account.ts';
import { type AbandonedDependencies, closeAbandoned } from './close-abandoned.ts';
import type { ReconciliationDependencies } from './dependencies.ts';

export interface JanitorDependencies extends AbandonedDependencies {
  accounts(): Promise<readonly string[]>;
}

export function createJanitorActivities(deps: JanitorDependencies): JanitorActivities {
  return {
    closeAbandonedExecutions: () => alive(() => closeAbandoned(deps)),
    listAccounts: () => deps.accounts(),
  };
}

export function createAccountJanitorActivities(deps: ReconciliationDependencies): AccountJanitorActivities {
  return { sweepAccount: () => alive(() => reconcileAccount(deps, 'janitor')) };
}

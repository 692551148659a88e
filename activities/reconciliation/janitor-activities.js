import { alive } from '../execution/venue-activities.js';
import { reconcileAccount } from '../execution/reconcile-account.js';
import { closeAbandoned } from './close-abandoned.js';
export function createJanitorActivities(deps) {
  return {
    closeAbandonedExecutions: () => alive(() => closeAbandoned(deps)),
    listAccounts: () => deps.accounts(),
  };
}
export function createAccountJanitorActivities(deps) {
  return { sweepAccount: () => alive(() => reconcileAccount(deps, 'janitor')) };
}

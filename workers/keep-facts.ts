import type { AccountFactsBoard, AccountFactsSource } from '../adapters/ports/account-facts.ts';
import type { VenueAccount } from '../adapters/ports/venue.ts';
import {
  reconcileAccountSessions,
  type SessionReconciliationDependencies,
} from '../adapters/reconciliation/reconcile-sessions.ts';
import type { DurationMs } from '../domain/market/decimal.ts';

/** The account is read so often, for those who check before they start something and for its sessions. */
const EVERY_MS: DurationMs = 30_000;
/** Something that is missing is looked for again so soon: by then what was on its way has come into the books. */
const SUSPECT_EVERY_MS: DurationMs = 8_000;
/** After an account that could not be read. */
const FAILED_PAUSE_MS: DurationMs = 5_000;

export interface FactsDependencies extends SessionReconciliationDependencies {
  readonly facts: AccountFactsBoard;
}

/**
 * Keeps what is known of an account current, and holds its sessions against that: at the start, every 30 s, after its stream was made anew, and
 * whenever somebody wants it.
 */
export function keepFacts(
  account: Pick<VenueAccount, 'venueId' | 'health'> & AccountFactsSource,
  deps: FactsDependencies,
): { refresh(): Promise<void> } {
  const { facts, clock } = deps;
  let isAtIt = false;
  let isFirst = true;
  let everyMs = EVERY_MS;
  let notBefore = 0;
  const read = async (): Promise<void> => {
    await facts.saveFacts(account.venueId, await account.accountFacts(), account.health().clockOffsetMs);
    isFirst = false;
    const found = await reconcileAccountSessions(deps, account.venueId);
    everyMs = found?.result.status === 'suspect' ? SUSPECT_EVERY_MS : EVERY_MS;
  };
  return {
    refresh: async () => {
      if (isAtIt || clock.now() < notBefore) return;
      isAtIt = true;
      try {
        if (isFirst || (await facts.isDue(account.venueId, everyMs))) await read();
      } catch (error) {
        notBefore = clock.now() + FAILED_PAUSE_MS;
        throw error;
      } finally {
        isAtIt = false;
      }
    },
  };
}

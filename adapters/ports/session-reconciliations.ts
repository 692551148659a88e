import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { SessionsQuestion, SessionsReconciliation } from '../../domain/session/reconcile/reconcile-sessions.ts';

/** By session, what was missing of each asset when its entries were blocked for it. */
export type RaisedDifferences = Readonly<Record<string, Readonly<Record<string, Decimal>>>>;

/** What was found last about the sessions of an account. */
export interface KnownReconciliation {
  readonly result: SessionsReconciliation;
  readonly raised: RaisedDifferences;
  /** When the balances were read that were compared. */
  readonly balancesAt: EpochMs;
}

/** What comparing the sessions of an account with what it holds reads and writes. */
export interface SessionReconciliations {
  /** All that is stored of the account's sessions, balances and of what others did to it; `null` while its balances have never been read. */
  question(venue: string): Promise<Omit<SessionsQuestion, 'before'> | null>;
  last(venue: string): Promise<KnownReconciliation | null>;
  save(venue: string, found: KnownReconciliation): Promise<void>;
}

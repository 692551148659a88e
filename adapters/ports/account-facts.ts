import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Balance } from './venue.ts';

/** What a venue says of an account of ours and of the key that we use it with. */
export interface AccountFacts {
  /** Whether the key may send orders, and whether it may send assets away; `null` where the venue does not tell. */
  readonly canTrade: boolean | null;
  readonly canWithdraw: boolean | null;
  /** Assets of which the account holds nothing may be left out. */
  readonly balances: readonly Balance[];
}

/** Facts as they were told last. */
export interface KnownAccountFacts extends AccountFacts {
  /** Venue clock minus ours; `null` before it was measured. */
  readonly clockOffsetMs: number | null;
  /** How long ago the venue told them, and when, by the database's clock. */
  readonly ageMs: DurationMs;
  readonly at: EpochMs;
}

/** Somebody who can ask the venue. Throws `VenueReadError`. */
export interface AccountFactsSource {
  accountFacts(): Promise<AccountFacts>;
}

/** What is known of the accounts: written by the owner of each, read by all. */
export interface AccountFactsBoard {
  saveFacts(venue: string, facts: AccountFacts, clockOffsetMs: number | null): Promise<void>;
  /** `null` before the account's owner has asked for the first time. */
  findFacts(venue: string): Promise<KnownAccountFacts | null>;
  /** Asks the account's owner to look again; says when that was, by the database's clock. */
  wantFacts(venue: string): Promise<EpochMs>;
  /** Whether the owner has to look again: it has never looked, somebody wants it, its stream was made anew, or it has not looked for `everyMs`. */
  isDue(venue: string, everyMs: DurationMs): Promise<boolean>;
}

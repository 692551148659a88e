import type Big from 'big.js';
import { type Decimal, decimal, type DurationMs } from '../../domain/market/decimal.ts';

/** What an account has of a quote currency for one more session, beside those that it has already. */
export interface SessionFunds {
  /** Free by the last reading of the account, and what buy orders of its sessions lock: it is a part of their cash. */
  readonly usable: Decimal;
  /** Cash of its sessions by their books; of one that has none yet all that it begins with; and what they have spent since the account was read. */
  readonly taken: Decimal;
  readonly sessions: number;
  /** Whether orders of sessions lock some of `usable`. */
  readonly hasLocked: boolean;
  readonly ageMs: DurationMs;
}

/** What is left for one more session: below 0 where its sessions have more by their books than the account. */
export function fundsLeft({ usable, taken }: Pick<SessionFunds, 'usable' | 'taken'>): Big {
  return decimal(usable).minus(decimal(taken));
}

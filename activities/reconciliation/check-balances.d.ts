import type { BalanceSnapshot } from '../../adapters/ports/reconciliation-store.ts';
import type { Amounts } from '../../domain/portfolio/account-trade.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
/** What an account's balances say: amounts that no trade explains, and what the next run compares with. */
export interface BalanceCheck {
  readonly differences: Amounts;
  /** `null` when trades went on so that no two looks agreed: the next run compares with the same balances as this one. */
  readonly snapshot: BalanceSnapshot | null;
}
/**
 * Compares the account's balances with those of the last run plus all trades since, ours and foreign. A difference counts only when several
 * looks agree on it, since balances and trades are read one after the other while the account trades.
 *
 * @param adopt stores every trade that is not stored yet; for those symbols too that are given to it
 */
export declare function checkBalances(
  deps: ReconciliationDependencies,
  before: BalanceSnapshot | null,
  adopt: (symbols: readonly string[]) => Promise<void>,
): Promise<BalanceCheck>;

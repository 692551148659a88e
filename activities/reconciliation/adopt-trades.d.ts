import type { EpochMs } from '../../domain/market/decimal.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
/** What became of the trades that were not stored. */
export interface AdoptedTrades {
  readonly lateFills: number;
  readonly fills: number;
  readonly foreignTrades: number;
  readonly unattributedTrades: number;
}
/** Stores every trade of a symbol since `since` (venue time) that is not stored yet, with the order of ours that it belongs to or as foreign. */
export declare function adoptTrades(
  deps: ReconciliationDependencies,
  symbol: string,
  since: EpochMs,
): Promise<AdoptedTrades>;

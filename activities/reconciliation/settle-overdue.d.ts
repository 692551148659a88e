import type { DurationMs } from '../../domain/market/decimal.ts';
import type { ReconciliationDependencies } from './dependencies.ts';
/**
 * Brings orders that are neither ended nor surely worked by anybody to their end, by look-ups alone. Doing so beside the execution that works
 * the order is safe: both find the same, and an order ends once.
 *
 * @param overdueOnly leaves alone those that their executions should still be busy with
 */
export declare function settleOverdue(
  deps: ReconciliationDependencies,
  overdueOnly: boolean,
): Promise<{
  readonly settled: number;
  readonly unsettled: number;
}>;
/** How long a conclusive answer takes at the account's venue. */
export declare function conclusiveAfterMs({ account }: ReconciliationDependencies): DurationMs;

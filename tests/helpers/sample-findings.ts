import type { ReconciliationFindings } from '../../domain/execution/janitor.ts';

/** The findings of a reconciliation that found nothing. */
export const NOTHING_FOUND: ReconciliationFindings = {
  settled: 0,
  unsettled: 0,
  lateFills: 0,
  fills: 0,
  reappeared: 0,
  orphansCancelled: 0,
  foreignOrders: 0,
  foreignTrades: 0,
  unattributedTrades: 0,
  unlisted: 0,
};

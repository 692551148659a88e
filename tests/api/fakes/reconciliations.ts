import type {
  ForeignOrder,
  ForeignTrade,
  PageOf,
  ReconciliationReader,
  ReconciliationRecord,
  VenuePage,
} from '../../../adapters/ports/reconciliation-store.ts';
import type { VenueLimitsEntry } from '../../../adapters/ports/venue-limits.ts';

/** What reconciliations have found, in memory; newest first as they are given. */
export class FakeReconciliations {
  readonly runs: ReconciliationRecord[] = [];
  readonly orders: ForeignOrder[] = [];
  readonly trades: ForeignTrade[] = [];
  readonly limits: VenueLimitsEntry[] = [];

  readonly store: ReconciliationReader = {
    listReconciliations: async (page) => pageOf(this.runs, page),
    listForeignOrders: async (page) => pageOf(this.orders, page),
    listForeignTrades: async (page) => pageOf(this.trades, page),
  };
}

function pageOf<T extends { readonly venue: string }>(
  all: readonly T[],
  { venue, cursor, limit }: VenuePage,
): PageOf<T> {
  const asked = all.filter((each) => venue === undefined || each.venue === venue);
  const from = Number(cursor ?? 0);
  return {
    items: asked.slice(from, from + limit),
    next: from + limit < asked.length ? String(from + limit) : null,
  };
}

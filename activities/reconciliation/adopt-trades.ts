import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { ReconciliationDependencies } from './dependencies.ts';

/** What became of the trades that were not stored. */
export interface AdoptedTrades {
  readonly lateFills: number;
  readonly fills: number;
  readonly foreignTrades: number;
  readonly unattributedTrades: number;
}

/** Stores every trade of a symbol since `since` (venue time) that is not stored yet, with the order of ours that it belongs to or as foreign. */
export async function adoptTrades(
  deps: ReconciliationDependencies,
  symbol: string,
  since: EpochMs,
): Promise<AdoptedTrades> {
  const fills = await deps.account.fillsSince(symbol, since);
  if (fills.length === 0) return nothing;
  const unknown = await deps.reconciliations.unknownTrades(deps.account.venueId, symbol, fills);
  return unknown.length === 0 ? nothing : adopt(deps, symbol, since, unknown);
}

const nothing: AdoptedTrades = { lateFills: 0, fills: 0, foreignTrades: 0, unattributedTrades: 0 };

async function adopt(
  deps: ReconciliationDependencies,
  symbol: string,
  since: EpochMs,
  fills: readonly Fill[],
): Promise<AdoptedTrades> {
  const clientOrderIds = await clientOrderIdsOf(deps, symbol, since, fills);
  const count = { ...nothing } as { -readonly [Name in keyof AdoptedTrades]: number };
  for (const fill of fills) {
    const clientOrderId = clientOrderIds.get(fill.orderId);
    if (clientOrderId === undefined) {
      count.unattributedTrades += 1;
      continue;
    }
    const outcome = await deps.intake.acceptStreamFill(deps.account.venueId, fill, clientOrderId, fill.orderId);
    if (outcome === 'late') count.lateFills += 1;
    if (outcome === 'counted') count.fills += 1;
    if (outcome === 'foreign') count.foreignTrades += 1;
  }
  return count;
}

/**
 * The client order ids of the orders that traded, by the venue's own: from our records, else from the venue's list of orders, else from
 * the order itself, which may be older than the list. An order that the venue does not show is left out: it may still be ours.
 */
async function clientOrderIdsOf(
  { account, reconciliations }: ReconciliationDependencies,
  symbol: string,
  since: EpochMs,
  fills: readonly Fill[],
): Promise<ReadonlyMap<string, string | null>> {
  const ids = [...new Set(fills.map(({ orderId }) => orderId))];
  const known = new Map<string, string | null>(await reconciliations.ownOrderIds(account.venueId, symbol, ids));
  if (ids.every((id) => known.has(id))) return known;
  for (const order of await account.ordersSince(symbol, since))
    if (!known.has(order.orderId)) known.set(order.orderId, order.clientOrderId);
  for (const id of ids) {
    if (known.has(id)) continue;
    const order = await account.findByOrderId(symbol, id);
    if (order !== null) known.set(id, order.clientOrderId);
  }
  return known;
}

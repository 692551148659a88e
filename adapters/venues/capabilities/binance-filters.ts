import type { Market } from 'ccxt';

/** How many stop orders of a symbol one account may have open, by the symbol's filter MAX_NUM_ALGO_ORDERS; `null` for a symbol without it. */
export function stopOrderLimitOf(market: Market): number | null {
  const { filters } = (market?.info ?? {}) as { readonly filters?: unknown };
  if (!Array.isArray(filters)) return null;
  const filter = (filters as readonly Readonly<Record<string, unknown>>[]).find(
    (each) => each['filterType'] === 'MAX_NUM_ALGO_ORDERS',
  );
  const limit = Number(filter?.['maxNumAlgoOrders'] ?? Number.NaN);
  return Number.isSafeInteger(limit) && limit >= 0 ? limit : null;
}

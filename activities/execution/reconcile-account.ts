import type { ReconciliationCause } from '../../adapters/ports/reconciliation-store.ts';
import type { Reconciliation, ReconciliationFindings } from '../../domain/execution/janitor.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { type AdoptedTrades, adoptTrades } from '../reconciliation/adopt-trades.ts';
import { checkBalances } from '../reconciliation/check-balances.ts';
import type { ReconciliationDependencies } from '../reconciliation/dependencies.ts';
import { reviewOpenOrders } from '../reconciliation/review-open-orders.ts';
import { settleOverdue } from '../reconciliation/settle-overdue.ts';
import { watchNotPlaced } from '../reconciliation/watch-not-placed.ts';

const MINUTE_MS: DurationMs = 60_000;
/** How far back trades are compared now and then: longer than any venue's look-ups lag behind. */
const FAR_MS: DurationMs = 60 * MINUTE_MS;
const FAR_EVERY_MS: DurationMs = 10 * MINUTE_MS;
/** How far the other runs look back beyond the last one. */
const OVERLAP_MS: DurationMs = 10 * MINUTE_MS;
/** Symbols that had an order within this time are compared, and orders that were closed as never placed are asked about. */
const WATCHED_MS: DurationMs = 24 * 60 * MINUTE_MS;

/**
 * Brings our records of one account in line with the venue: orders of ours that nobody works are brought to their end, orders that had ended
 * and show up again are taken off the book, every trade is stored as ours or as foreign, and balances are held against the trades. Sends
 * no order, and touches nothing of anybody else.
 *
 * @throws `VenueReadError` when the venue cannot be read: an account that is not reconciled must not be opened
 */
export async function reconcileAccount(
  deps: ReconciliationDependencies,
  cause: ReconciliationCause,
): Promise<Reconciliation> {
  const { account, clock, reconciliations, ledger } = deps;
  const startedAt = clock.now();
  const { lookBackMs, isFar } = await lookBack(deps, startedAt, cause);
  const settled = await settleOverdue(deps, cause);
  const { orphansCancelled, stuck, foreign } = await reviewOpenOrders(deps);
  const watched = await watchNotPlaced(deps, isFar ? WATCHED_MS : FAR_MS);

  const listed = new Set(deps.instruments().map(({ symbol }) => symbol));
  const recent = await ledger.recentSymbols(account.venueId, WATCHED_MS);
  const known = [...new Set([...recent, ...foreign.map(({ symbol }) => symbol)])].filter((symbol) =>
    listed.has(symbol),
  );
  const since = account.venueNow() - lookBackMs;
  const before = await reconciliations.lastSnapshot(account.venueId);
  const adopted: AdoptedTrades[] = [];
  let unattributedTrades = 0;
  const { differences, snapshot } = await checkBalances(deps, before, async (more) => {
    const symbols = new Set([...known, ...more]);
    const look: AdoptedTrades[] = [];
    for (const symbol of symbols) look.push(await adoptTrades(deps, symbol, since));
    adopted.push(...look);
    // Each look asks about them again, so that only the last one counts.
    unattributedTrades = look.reduce((total, each) => total + each.unattributedTrades, 0);
  });

  const sum = (name: keyof AdoptedTrades): number => adopted.reduce((total, each) => total + each[name], 0);
  const findings: ReconciliationFindings = {
    settled: settled.settled,
    unsettled: settled.unsettled + stuck,
    lateFills: sum('lateFills') + watched.lateFills,
    fills: sum('fills'),
    reappeared: watched.reappeared,
    orphansCancelled,
    foreignOrders: foreign.length,
    foreignTrades: sum('foreignTrades'),
    unattributedTrades,
    unlisted: recent.filter((symbol) => !listed.has(symbol)).length,
  };
  await reconciliations.saveReconciliation({
    venue: account.venueId,
    cause,
    startedAt,
    endedAt: clock.now(),
    lookedBackMs: lookBackMs,
    findings,
    differences,
    snapshot,
  });
  return { findings, differences };
}

/** Back to the last run and somewhat beyond; a long way now and then, at a start, and where no run has been. */
async function lookBack(
  { account, reconciliations }: ReconciliationDependencies,
  now: number,
  cause: ReconciliationCause,
): Promise<{ readonly lookBackMs: DurationMs; readonly isFar: boolean }> {
  const { startedAt, farAt } = await reconciliations.lastRuns(account.venueId, FAR_MS);
  const isFar = cause === 'start' || farAt === null || now - farAt >= FAR_EVERY_MS;
  const sinceLast = startedAt === null ? 0 : Math.max(0, now - startedAt);
  return { lookBackMs: Math.min(WATCHED_MS, Math.max(sinceLast + OVERLAP_MS, isFar ? FAR_MS : 0)), isFar };
}

import type { Clock } from '../ports/clock.ts';
import type {
  KnownReconciliation,
  RaisedDifferences,
  SessionReconciliations,
} from '../ports/session-reconciliations.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Decimal } from '../../domain/market/decimal.ts';
import { reconcileSessions, type SessionsReconciliation } from '../../domain/session/reconcile/reconcile-sessions.ts';

export interface SessionReconciliationDependencies {
  readonly reconciliations: SessionReconciliations;
  readonly sessions: Pick<SessionStore, 'find' | 'setBlock'>;
  readonly clock: Clock;
}

/** Who blocks entries here. */
const BY = 'reconciliation';

/**
 * Holds the sessions of an account against its balances as they were read last, and blocks the entries of those that hold what is missing, until a
 * person has looked. A difference that a person has let pass is not raised again until it changes.
 *
 * @returns what was found; `null` while the balances have never been read
 */
export async function reconcileAccountSessions(
  { reconciliations, sessions, clock }: SessionReconciliationDependencies,
  venue: string,
): Promise<KnownReconciliation | null> {
  const question = await reconciliations.question(venue);
  if (question === null) return null;
  const before = await reconciliations.last(venue);
  // The same balances a second time confirm nothing.
  if (before !== null && before.balancesAt >= question.balancesAt) return before;
  const result = reconcileSessions({ ...question, before: before?.result ?? null });
  const raised = raisedStill(before?.raised ?? {}, result);
  for (const sessionId of result.blocked) {
    const news = result.differences.filter(
      ({ asset, missing, confirmed, sessions: holders }) =>
        confirmed && holders.includes(sessionId) && raised[sessionId]?.[asset] !== missing,
    );
    if (news.length === 0) continue;
    raised[sessionId] = {
      ...raised[sessionId],
      ...Object.fromEntries(news.map(({ asset, missing }) => [asset, missing])),
    };
    const record = await sessions.find(sessionId);
    // Whatever blocks it already waits for a person, too.
    if (record === null || record.block !== null) continue;
    const problem = { code: 'ACCOUNT_DIFFERS', detail: news.map(({ detail }) => detail).join('; ') };
    await sessions.setBlock(sessionId, { reason: 'RECONCILIATION', problem, since: clock.now() }, BY);
  }
  const found = { result, raised, balancesAt: question.balancesAt };
  await reconciliations.save(venue, found);
  return found;
}

/** What was raised and is still missing; what could not be judged stays as it was. */
function raisedStill(
  before: RaisedDifferences,
  { differences, undecided }: SessionsReconciliation,
): Record<string, Readonly<Record<string, Decimal>>> {
  const isOpen = (asset: string): boolean =>
    undecided.includes(asset) || differences.some((difference) => difference.asset === asset);
  return Object.fromEntries(
    Object.entries(before).map(([sessionId, assets]) => [
      sessionId,
      Object.fromEntries(Object.entries(assets).filter(([asset]) => isOpen(asset))),
    ]),
  );
}

import Big from 'big.js';
import type { Clock } from '../ports/clock.ts';
import type {
  KnownReconciliation,
  RaisedDifferences,
  SessionReconciliations,
} from '../ports/session-reconciliations.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Decimal } from '../../domain/market/decimal.ts';
import {
  type AssetDifference,
  reconcileSessions,
  type SessionsReconciliation,
} from '../../domain/session/reconcile/reconcile-sessions.ts';
import type { EntryBlock } from '../../domain/session/status.ts';

export interface SessionReconciliationDependencies {
  readonly reconciliations: SessionReconciliations;
  readonly sessions: Pick<SessionStore, 'find' | 'setBlock'>;
  readonly clock: Clock;
}

/** Who blocks entries here. */
const BY = 'reconciliation';

/**
 * Holds the sessions of an account against its balances as they were read last, and blocks the entries of those that hold what is missing, until a
 * person has looked. A difference that a person has let pass is not raised again until it changes by more than rounding does, and one that is found
 * while something else blocks a session is raised as soon as that has gone. A block that stands already tells what is found now.
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
    const missed = result.differences.filter(
      ({ confirmed, sessions: holders }) => confirmed && holders.includes(sessionId),
    );
    const news = missed.filter((difference) => isNews(difference, raised[sessionId]?.[difference.asset]));
    const record = await sessions.find(sessionId);
    if (record === null) continue;
    const told = toldOf(record.block, missed, news);
    // Whatever else blocks it waits for a person already: this one is told when that has gone, since nobody has seen it yet.
    if (told.length === 0) continue;
    raised[sessionId] = {
      ...raised[sessionId],
      ...Object.fromEntries(told.map(({ asset, missing }) => [asset, missing])),
    };
    const detail = told.map((difference) => difference.detail).join('; ');
    if (record.block?.problem.detail === detail) continue;
    const since = record.block?.since ?? clock.now();
    const problem = { code: 'ACCOUNT_DIFFERS', detail };
    await sessions.setBlock(sessionId, { reason: 'RECONCILIATION', problem, since }, BY);
  }
  const found = { result, raised, balancesAt: question.balancesAt };
  await reconciliations.save(venue, found);
  return found;
}

/** What its block is to tell. One that is told already follows what is found later: mostly a cause, which the venue tells after the balance. */
function toldOf(
  block: EntryBlock | null,
  missed: readonly AssetDifference[],
  news: readonly AssetDifference[],
): readonly AssetDifference[] {
  if (block === null) return news;
  return block.reason === 'RECONCILIATION' ? missed : [];
}

/** Each trade moves what is missing by what the venue rounds: that is no other difference. */
function isNews({ missing, tolerance }: AssetDifference, raised: Decimal | undefined): boolean {
  return (
    raised === undefined ||
    new Big(missing)
      .minus(new Big(raised))
      .abs()
      .gt(new Big(tolerance ?? '0'))
  );
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

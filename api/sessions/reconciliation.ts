import { setTimeout as delay } from 'node:timers/promises';
import { reconcileAccountSessions } from '../../adapters/reconciliation/reconcile-sessions.ts';
import type { KnownReconciliation } from '../../adapters/ports/session-reconciliations.ts';
import type { SessionEntry } from '../../adapters/ports/session-reader.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { isOver } from '../../domain/session/status.ts';
import { iso } from '../iso.ts';
import type { ApiDependencies } from '../ports.ts';
import { Problem } from '../problems.ts';
import { ended, sessionOf } from './command.ts';

type Dependencies = Pick<
  ApiDependencies,
  'sessions' | 'sessionReader' | 'sessionReconciliations' | 'accountFacts' | 'clock'
>;

/** How long a caller waits for the account's owner to read it anew. */
const LONGEST_MS: DurationMs = 15_000;
const POLL_MS: DurationMs = 200;

/** What was found last about a session's account, as far as it concerns the session. */
export async function reconciliationOf(deps: Dependencies, id: string) {
  const entry = await sessionOf(deps, id);
  return view(entry, await deps.sessionReconciliations.last(entry.record.spec.venue));
}

/** Has the account read anew and compares it with its sessions. Throws `ACCOUNT_NOT_READY` when nobody reads it in time. */
export async function reconcileNow(deps: Dependencies, id: string, longestMs: DurationMs = LONGEST_MS) {
  const entry = await sessionOf(deps, id);
  if (isOver(entry.record.status)) throw ended(entry, 'reconcile');
  const { venue } = entry.record.spec;
  const wantedAt = await deps.accountFacts.wantFacts(venue);
  const until = performance.now() + longestMs;
  for (;;) {
    const facts = await deps.accountFacts.findFacts(venue);
    if (facts !== null && facts.at >= wantedAt) break;
    if (performance.now() > until) {
      const message = `account ${venue} was not read within ${longestMs / 1_000} s: look at GET /v1/venues/${venue}, and try again`;
      throw new Problem('ACCOUNT_NOT_READY', message, [{ field: 'venue', value: venue, message }]);
    }
    await delay(POLL_MS);
  }
  const found = await reconcileAccountSessions(
    { reconciliations: deps.sessionReconciliations, sessions: deps.sessions, clock: deps.clock },
    venue,
  );
  return view(await sessionOf(deps, id), found);
}

function view({ record }: SessionEntry, found: KnownReconciliation | null) {
  const assets = new Set([record.quote, ...Object.values(record.base)]);
  const differences = found?.result.differences.filter(({ asset }) => assets.has(asset)) ?? [];
  return {
    /** `null`: nothing has been compared yet. */
    ok: found === null ? null : !differences.some(({ confirmed }) => confirmed),
    readAt: iso(found?.balancesAt ?? null),
    differences,
    recognised: found?.result.recognised ?? [],
    undecided: found?.result.undecided.filter((asset) => assets.has(asset)) ?? [],
    block: record.block && { ...record.block, since: iso(record.block.since) },
  };
}

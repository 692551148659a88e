import type pg from 'pg';
import { type Adjusted, adjustmentOf, type AdjustmentRequest, bookedUpTo } from '../../domain/session/adjustment.ts';
import { isOver } from '../../domain/session/status.ts';
import type { IdempotencyClaim } from '../ports/execution-store.ts';
import type { AdjustmentOutcome, SessionAdjustments } from '../ports/session-adjustments.ts';
import { type Database, inTransaction } from './database.ts';
import { appendEvent } from './outbox.ts';
import { only } from './rows.ts';
import { sessionOf, type SessionRow } from './session-rows.ts';

/** Adjustments of sessions in Postgres. */
export function createSessionAdjustments(database: Database): SessionAdjustments {
  return {
    adjust: (sessionId, request, by, claim) =>
      inTransaction(database, async (connection) => {
        const known = claim === null ? null : await knownClaim(connection, sessionId, claim);
        return known ?? (await adjust(connection, sessionId, request, by, claim));
      }),
  };
}

/** What a key has led to before; `null` for a new one. Two requests with one key may come at once: the second waits here until the first has committed. */
async function knownClaim(
  connection: pg.PoolClient,
  sessionId: string,
  { owner, key, bodyHash }: IdempotencyClaim,
): Promise<AdjustmentOutcome | null> {
  await connection.query("select pg_advisory_xact_lock(hashtextextended('adjustment ' || $1 || ' ' || $2, 0))", [
    owner,
    key,
  ]);
  const { rows } = await connection.query<{ body_hash: string; session_id: string }>(
    'select body_hash, session_id from session_adjustment_keys where owner = $1 and key = $2',
    [owner, key],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { kind: row.body_hash === bodyHash && row.session_id === sessionId ? 'known' : 'key-reused' };
}

async function adjust(
  connection: pg.PoolClient,
  sessionId: string,
  request: AdjustmentRequest,
  by: string,
  claim: IdempotencyClaim | null,
): Promise<AdjustmentOutcome> {
  // The row stays locked until the end: what it holds is what is adjusted, and a step that was reckoned before finds another version afterwards.
  const { rows } = await connection.query<SessionRow>('select * from sessions where id = $1 for update', [sessionId]);
  const session = sessionOf(only(rows));
  if (isOver(session.status)) return { kind: 'ended' };
  const found = adjustmentOf(request, {
    symbols: session.spec.symbols,
    books: session.books,
    pending: await adjustmentsAbove(connection, sessionId, bookedUpTo(session.books, session.seq)),
  });
  if (!found.ok) return { kind: 'refused', problem: found.problem };
  const seq = session.seq + 1;
  await connection.query(
    'update sessions set seq = $2, version = version + 1, settled = false, updated_at = now() where id = $1',
    [sessionId, seq],
  );
  await connection.query('insert into session_journal (session_id, seq, after, event) values ($1, $2, $3, $4)', [
    sessionId,
    seq,
    session.lastBar === null ? null : new Date(session.lastBar),
    JSON.stringify(found.event),
  ]);
  if (claim !== null)
    await connection.query(
      'insert into session_adjustment_keys (owner, key, body_hash, session_id, seq) values ($1, $2, $3, $4, $5)',
      [claim.owner, claim.key, claim.bodyHash, sessionId, seq],
    );
  const { symbol, quantity, price, reason } = found.event;
  await appendEvent(connection, 'session.adjusted', sessionId, { symbol, quantity, price, reason, by });
  return { kind: 'adjusted' };
}

/** Adjustments on record after that entry of the journal. */
async function adjustmentsAbove(
  connection: pg.PoolClient,
  sessionId: string,
  seq: number,
): Promise<readonly Adjusted[]> {
  const { rows } = await connection.query<{ event: Adjusted }>(
    `select event from session_journal where session_id = $1 and seq > $2 and event->>'kind' = 'adjusted' order by seq`,
    [sessionId, seq],
  );
  return rows.map(({ event }) => event);
}

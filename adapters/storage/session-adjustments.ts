import type { SessionAdjustments } from '../ports/session-adjustments.ts';
import { type Database, inTransaction } from './database.ts';
import { appendEvent } from './outbox.ts';

/** Adjustments of sessions in Postgres. */
export function createSessionAdjustments(database: Database): SessionAdjustments {
  return {
    adjust: (sessionId, event, by) =>
      inTransaction(database, async (connection) => {
        // The update is the lock as well: a step that was reckoned before it finds another version after it.
        const { rows } = await connection.query<{ seq: number; last_bar: Date | null }>(
          `update sessions set seq = seq + 1, version = version + 1, settled = false, updated_at = now()
           where id = $1 and status not in ('stopped', 'failed') returning seq, last_bar`,
          [sessionId],
        );
        const row = rows[0];
        if (row === undefined) return false;
        await connection.query('insert into session_journal (session_id, seq, after, event) values ($1, $2, $3, $4)', [
          sessionId,
          row.seq,
          row.last_bar,
          JSON.stringify(event),
        ]);
        const { symbol, quantity, price, reason } = event;
        await appendEvent(connection, 'session.adjusted', sessionId, { symbol, quantity, price, reason, by });
        return true;
      }),
  };
}

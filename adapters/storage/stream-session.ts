import type pg from 'pg';
import { StreamsSuperseded } from '../ports/stream-health.ts';
import { type Database, inTransaction } from './database.ts';

/**
 * Runs `work` in one transaction during which no newer session of the venue's streams can begin.
 * @throws {StreamsSuperseded} when one has begun before
 */
export function inStreamSession<T>(
  database: Database,
  venue: string,
  session: number,
  work: (connection: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(database, async (connection) => {
    const { rows } = await connection.query<{ session: number }>(
      'select session from stream_sessions where venue = $1 for share',
      [venue],
    );
    if (rows[0]?.session !== session) throw new StreamsSuperseded(venue, session);
    return work(connection);
  });
}

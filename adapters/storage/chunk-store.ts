import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ChunkState, ChunkStore, TrialRows } from '../ports/optimization-store.ts';
import type { PositionRange } from '../../domain/optimization/job/commands.ts';
import { COPY_HEADER, COPY_TRAILER } from './candle-copy.ts';
import { type Database, inTransaction } from './database.ts';
import { encodeTrials } from './optimization-copy.ts';
import { progressOf, progressOfKey, type ProgressRow } from './optimization-rows.ts';
import { only } from './rows.ts';

/** Rows of combinations in Postgres, and which chunks are how far. */
export function createChunkStore(database: Database): ChunkStore {
  return {
    coveredRanges: async (key) => {
      const { rows } = await database.query<PositionRange>(
        `select from_position as "from", next_position as "to" from optimization_chunks
         where optimization = $1 order by from_position`,
        [key],
      );
      return rows;
    },
    writeRows: (key, chunk, rows, state) =>
      inTransaction(database, async (connection) => {
        const added = rows.count === 0 ? 0 : await addRows(connection, key, rows);
        await recordChunk(connection, key, chunk, state, added);
      }),
    progressOf: async (key) => {
      const { rows } = await database.query<ProgressRow>(progressOfKey('$1'), [key]);
      return progressOf(only(rows));
    },
  };
}

/** By way of a table of the connection's own, since COPY itself knows no conflicts. @returns how many were new */
async function addRows(connection: pg.PoolClient, key: number, rows: TrialRows): Promise<number> {
  // Before the COPY begins: one that is left in the middle would hold its connection.
  const encoded = encodeTrials(key, rows);
  await connection.query(
    'create temp table if not exists incoming_rows (like optimization_rows) on commit delete rows',
  );
  const stream = copyFrom('copy incoming_rows from stdin (format binary)');
  connection.query(stream);
  await pipeline(Readable.from([COPY_HEADER, encoded, COPY_TRAILER]), stream);
  const { rowCount } = await connection.query(
    'insert into optimization_rows select * from incoming_rows on conflict do nothing',
  );
  return rowCount ?? 0;
}

/** Two attempts at a chunk may be at work at once when one was thought dead: neither takes back what the other has done. */
async function recordChunk(
  connection: pg.PoolClient,
  key: number,
  { from, to }: PositionRange,
  { next, busyMs, best }: ChunkState,
  added: number,
): Promise<void> {
  await connection.query(
    `insert into optimization_chunks as c
       (optimization, from_position, to_position, next_position, rows, busy_ms, best_position, best_score)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (optimization, from_position, to_position) do update set
       next_position = greatest(c.next_position, excluded.next_position),
       rows = c.rows + excluded.rows,
       busy_ms = c.busy_ms + excluded.busy_ms,
       best_position = case when excluded.best_score > c.best_score or c.best_score is null
         then excluded.best_position else c.best_position end,
       best_score = greatest(c.best_score, excluded.best_score),
       updated_at = now()`,
    [key, from, to, next, added, busyMs, best?.position ?? null, best?.score ?? null],
  );
}

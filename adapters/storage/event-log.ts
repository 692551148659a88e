import type { DurationMs } from '../../domain/market/decimal.ts';
import type { EventHead, EventLog, EventRange, PlatformEvent } from '../ports/event-log.ts';
import { type Database, inTransaction } from './database.ts';
import { epochMs, only } from './rows.ts';

const PRUNE_BATCH = 5_000;

interface EventRow {
  id: number;
  kind: string;
  subject: string;
  payload: unknown;
  at: Date;
}

/** The outbox in Postgres. */
export function createEventLog(database: Database): EventLog {
  return {
    head: async () => {
      const { rows } = await database.query<EventHead>(
        `select case when is_called then last_value else 0 end as drawn,
                greatest((select max(id) from outbox), (select through from outbox_pruned), 0) as committed
         from outbox_id_seq`,
      );
      return only(rows);
    },
    // An insert locks the table before it draws its id, and holds that lock until its transaction has ended and can be seen.
    writers: async () => {
      const { rows } = await database.query<{ writer: string }>(
        `select distinct virtualtransaction as writer from pg_locks
         where locktype = 'relation' and mode = 'RowExclusiveLock' and granted and relation = 'outbox'::regclass
           and database = (select oid from pg_database where datname = current_database())`,
      );
      return rows.map(({ writer }) => writer);
    },
    read: (range) => read(database, range),
    prunedThrough: async () => {
      const { rows } = await database.query<{ through: number }>('select through from outbox_pruned');
      return rows[0]?.through ?? 0;
    },
    prune: async (olderThanMs) => {
      let removed = 0;
      for (;;) {
        const batch = await pruneBatch(database, olderThanMs);
        removed += batch;
        if (batch < PRUNE_BATCH) return removed;
      }
    },
  };
}

async function read(database: Database, range: EventRange): Promise<readonly PlatformEvent[]> {
  const { after, upTo, subject = null, kind = null, limit } = range;
  const isFamily = kind !== null && kind.endsWith('.*');
  const { rows } = await database.query<EventRow>(
    `select id, kind, subject, payload, at from outbox
     where id > $1 and id <= $2 and ($3::text is null or subject = $3)
       and ($4::text is null or kind = $4) and ($5::text is null or starts_with(kind, $5))
     order by id limit $6`,
    [after, upTo, subject, isFamily ? null : kind, isFamily ? kind.slice(0, -1) : null, limit],
  );
  return rows.map((row) => ({ ...row, at: epochMs(row.at) }));
}

/** From the oldest on, up to the first that is young enough, so that what is left has no hole. */
async function pruneBatch(database: Database, olderThanMs: DurationMs): Promise<number> {
  return inTransaction(database, async (connection) => {
    const { rows } = await connection.query<{ through: number | null }>(
      `with oldest as (select id, at from outbox order by id limit $2),
            kept as (select min(id) as first from oldest where at >= now() - $1 * interval '1 millisecond')
       select max(o.id) as through from oldest o, kept k where k.first is null or o.id < k.first`,
      [olderThanMs, PRUNE_BATCH],
    );
    const through = only(rows).through;
    if (through === null) return 0;
    const { rowCount } = await connection.query('delete from outbox where id <= $1', [through]);
    await connection.query(
      `insert into outbox_pruned as p (through) values ($1)
       on conflict (only_row) do update set through = greatest(p.through, excluded.through)`,
      [through],
    );
    return rowCount ?? 0;
  });
}

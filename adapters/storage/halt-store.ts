import type { Halt } from '../../domain/risk/gate-input.ts';
import type { HaltRecord, HaltStore } from '../ports/execution-store.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { appendEvent } from './outbox.ts';
import { pageOf } from './pages.ts';
import { epochMs, epochMsOrNull, only } from './rows.ts';

interface HaltRow {
  sequence: number;
  id: string;
  scope: Halt['scope'];
  target: string | null;
  reason: string;
  set_by: string;
  set_at: Date;
  lifted_by: string | null;
  lifted_at: Date | null;
  lift_reason: string | null;
}

function haltOf(row: HaltRow): HaltRecord {
  return {
    id: row.id,
    scope: row.scope,
    target: row.target,
    reason: row.reason,
    setBy: row.set_by,
    setAt: epochMs(row.set_at),
    liftedBy: row.lifted_by,
    liftedAt: epochMsOrNull(row.lifted_at),
    liftReason: row.lift_reason,
  };
}

/** Halts in force that cover a venue and a symbol, as the gate has it: SQL of what follows `from`, over two columns or parameters. */
export const haltsOver = (venue: string, symbol: string): string =>
  `halts where lifted_at is null
     and (scope = 'all' or target is null or target = case scope when 'venue' then ${venue} else ${symbol} end)`;

/** Halts in Postgres. */
export function createHaltStore(database: Database): HaltStore {
  return {
    setHalt: (halt) =>
      inTransaction(database, async (connection) => {
        const { rows } = await connection.query<HaltRow>(
          'insert into halts (scope, target, reason, set_by) values ($1, $2, $3, $4) returning *',
          [halt.scope, halt.target, halt.reason, halt.by],
        );
        const set = haltOf(only(rows));
        await appendEvent(connection, 'halt.set', set.id, { scope: set.scope, target: set.target, reason: set.reason });
        return set;
      }),
    liftHalt: (id, by, reason) =>
      inTransaction(database, async (connection) => {
        const { rows } = await connection.query<HaltRow>(
          `update halts set lifted_by = $2, lift_reason = $3, lifted_at = now()
           where id::text = $1 and lifted_at is null returning *`,
          [id, by, reason],
        );
        const lifted = rows[0];
        if (lifted !== undefined) {
          await appendEvent(connection, 'halt.lifted', id, { by, reason });
          return haltOf(lifted);
        }
        return findHalt(connection, id);
      }),
    findHalt: (id) => findHalt(database, id),
    listHalts: async ({ activeOnly, cursor, limit }) => {
      const { rows } = await database.query<HaltRow>(
        `select * from halts where (not $1 or lifted_at is null) and ($2::bigint is null or sequence < $2)
         order by sequence desc limit $3`,
        [activeOnly, cursor ?? null, limit + 1],
      );
      return pageOf(rows, limit, haltOf);
    },
  };
}

async function findHalt(connection: Connection, id: string): Promise<HaltRecord | null> {
  const { rows } = await connection.query<HaltRow>('select * from halts where id::text = $1', [id]);
  return rows[0] === undefined ? null : haltOf(rows[0]);
}

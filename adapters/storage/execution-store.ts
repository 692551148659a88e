import type pg from 'pg';
import { MOST_WAITING } from '../../domain/execution/style.ts';
import type {
  Acceptance,
  ExecutionFilter,
  ExecutionRecord,
  ExecutionStore,
  IdempotencyClaim,
  NewExecution,
} from '../ports/execution-store.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import {
  decisionOf,
  type DecisionRow,
  executionOf,
  type ExecutionRow,
  orderOf,
  type OrderRow,
  SELECT_EXECUTIONS,
  storedFillOf,
  type StoredFillRow,
} from './execution-rows.ts';
import { executionChanges } from './execution-changes.ts';
import { insertExecution } from './execution-insert.ts';
import { pageOf } from './pages.ts';
import { exact, only } from './rows.ts';
import { hasRoom } from './waiting-room.ts';

/** Executions in Postgres. */
export function createExecutionStore(database: Database): ExecutionStore {
  const find = (id: string): Promise<ExecutionRecord | null> => findExecution(database, id);
  return {
    findExecution: find,
    accept: (execution, claim) => inTransaction(database, (connection) => accept(connection, execution, claim)),
    notStarted: async () => {
      const { rows } = await database.query<ExecutionRow>(
        `${SELECT_EXECUTIONS} where not e.started order by e.sequence limit 100`,
      );
      return rows.map(executionOf);
    },
    markStarted: async (id) => {
      await database.query('update executions set started = true where id = $1', [id]);
    },
    listExecutions: (filter) => listExecutions(database, filter),
    decisionsOf: async (id) => {
      const { rows } = await database.query<DecisionRow>(
        'select * from decisions where execution_id = $1 order by child, attempt',
        [id],
      );
      return rows.map(decisionOf);
    },
    ordersOf: async (id) => {
      const { rows } = await database.query<OrderRow>(
        `select i.*, d.due_at, d.slice,
                coalesce((select sum(f.quantity) from fills f where f.client_order_id = i.client_order_id), 0) as filled
         from intents i join decisions d using (execution_id, child, attempt)
         where i.execution_id = $1 order by i.child, i.attempt`,
        [id],
      );
      return rows.map(orderOf);
    },
    fillsOf: async (id) => {
      const { rows } = await database.query<StoredFillRow>(
        `select f.*, i.execution_id, i.child, i.mid, d.slice,
                exists (select 1 from (select venue, symbol, trade_id, venue_order_id from fills
                                       union all select venue, symbol, trade_id, venue_order_id from foreign_trades) o
                        where (o.venue, o.symbol, o.trade_id) = (f.venue, f.symbol, f.trade_id)
                          and o.venue_order_id <> f.venue_order_id) as self_trade
         from fills f join intents i using (client_order_id) join decisions d using (execution_id, child, attempt)
         where i.execution_id = $1 order by f.traded_at, length(f.trade_id), f.trade_id`,
        [id],
      );
      return rows.map(storedFillOf);
    },
    ownTrades: async (venue, symbol, from, to) => {
      const { rows } = await database.query<{ trade_id: string; traded_at: Date }>(
        'select trade_id, traded_at from fills where venue = $1 and symbol = $2 and traded_at between $3 and $4',
        [venue, symbol, new Date(from), new Date(to)],
      );
      return rows.map((row) => ({ tradeId: row.trade_id, at: row.traded_at.getTime() }));
    },
    ownVolume: async (venue, symbol, from, to) => {
      const { rows } = await database.query<{ quantity: string }>(
        `select coalesce(sum(quantity), 0) as quantity from fills
         where venue = $1 and symbol = $2 and traded_at >= $3 and traded_at <= $4`,
        [venue, symbol, new Date(from), new Date(to)],
      );
      return exact(only(rows).quantity);
    },
    sliceFilled: async (id, slice) => {
      const { rows } = await database.query<{ quantity: string }>(
        `select coalesce(sum(f.quantity), 0) as quantity
         from decisions d join intents i using (execution_id, child, attempt) join fills f using (client_order_id)
         where d.execution_id = $1 and d.slice = $2`,
        [id, slice],
      );
      return exact(only(rows).quantity);
    },
    ...executionChanges(database),
  };
}

async function findExecution(connection: Connection, id: string): Promise<ExecutionRecord | null> {
  const { rows } = await connection.query<ExecutionRow>(`${SELECT_EXECUTIONS} where e.id = $1`, [id]);
  return rows[0] === undefined ? null : executionOf(rows[0]);
}

async function accept(
  connection: pg.PoolClient,
  execution: NewExecution,
  claim: IdempotencyClaim | null,
): Promise<Acceptance> {
  if (claim !== null) {
    // Two requests with one key may come at once: the second waits here until the first has committed.
    await connection.query("select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))", [
      claim.owner,
      claim.key,
    ]);
    const { rows } = await connection.query<{ body_hash: string; execution_id: string }>(
      'select body_hash, execution_id from idempotency_keys where owner = $1 and key = $2',
      [claim.owner, claim.key],
    );
    const known = rows[0];
    if (known !== undefined) {
      if (known.body_hash !== claim.bodyHash) return { kind: 'key-reused' };
      const stored = await findExecution(connection, known.execution_id);
      if (stored === null) throw new Error(`execution ${known.execution_id} of idempotency key "${claim.key}" is gone`);
      return { kind: 'known', execution: stored };
    }
  }
  if (!(await hasRoom(connection, execution.plan))) return { kind: 'waiting-full', most: MOST_WAITING };
  await insertExecution(connection, execution);
  if (claim !== null) {
    await connection.query(
      'insert into idempotency_keys (owner, key, body_hash, execution_id) values ($1, $2, $3, $4)',
      [claim.owner, claim.key, claim.bodyHash, execution.id],
    );
  }
  const stored = await findExecution(connection, execution.id);
  return { kind: 'accepted', execution: only(stored === null ? [] : [stored]) };
}

async function listExecutions(
  database: Database,
  filter: ExecutionFilter,
): Promise<{ readonly items: readonly ExecutionRecord[]; readonly next: string | null }> {
  const before = filter.cursor === undefined ? null : Number(filter.cursor);
  const { rows } = await database.query<ExecutionRow>(
    `${SELECT_EXECUTIONS}
     where ($1::bigint is null or e.sequence < $1)
       and ($2::text is null or e.status = $2)
       and ($3::text is null or e.venue = $3)
       and ($4::text is null or e.symbol = $4)
     order by e.sequence desc limit $5`,
    [before, filter.status ?? null, filter.venue ?? null, filter.symbol ?? null, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, executionOf);
}

import type pg from 'pg';
import type { OptimizationResult } from '../../domain/optimization/result.ts';
import type { IdempotencyClaim } from '../ports/execution-store.ts';
import type {
  NewOptimization,
  OptimizationAcceptance,
  OptimizationFilter,
  OptimizationRecord,
  OptimizationStore,
} from '../ports/optimization-store.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { createChunkStore } from './chunk-store.ts';
import { earlierTrials } from './earlier-trials.ts';
import { insertMarkets } from './searched-markets.ts';
import { optimizationOf, type OptimizationRow, progressOfKey } from './optimization-rows.ts';
import { findRow, resultRows } from './result-rows.ts';
import { appendEvent } from './outbox.ts';
import { pageOf } from './pages.ts';
import { only } from './rows.ts';

const SELECT = `select o.*, p.* from optimizations o cross join lateral (${progressOfKey('o.sequence')}) p`;
const IS_OPEN = "status in ('queued', 'running', 'paused')";

/** Optimisations in Postgres. */
export function createOptimizationStore(database: Database): OptimizationStore {
  return {
    ...createChunkStore(database),
    accept: (optimization, claim) => inTransaction(database, (connection) => accept(connection, optimization, claim)),
    notStarted: async () => {
      const { rows } = await database.query<OptimizationRow>(
        `${SELECT} where not o.started order by o.sequence limit 100`,
      );
      return rows.map(optimizationOf);
    },
    markStarted: async (id) => {
      await database.query('update optimizations set started = true where id = $1', [id]);
    },
    findOptimization: (id) => findOptimization(database, id),
    listOptimizations: (filter) => listOptimizations(database, filter),
    recordStatus: (id, status) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update optimizations set status = $2, started_at = coalesce(started_at, now()), updated_at = now()
           where id = $1 and ${IS_OPEN} and status <> $2`,
          [id, status],
        );
        if (rowCount === 1) await appendEvent(connection, 'optimization.status', id, { status });
      }),
    recordResult: (id, result) => inTransaction(database, (connection) => recordResult(connection, id, result)),
    recordEnd: (id, status, problem) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update optimizations set status = $2, problem = $3, ended_at = now(), updated_at = now()
           where id = $1 and ${IS_OPEN}`,
          [id, status, problem === null ? null : JSON.stringify(problem)],
        );
        if (rowCount === 1) await appendEvent(connection, 'optimization.status', id, { status });
      }),
    reopen: (id) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update optimizations set status = 'queued', problem = null, ended_at = null, started = false, runs = runs + 1,
             updated_at = now()
           where id = $1 and status = 'failed'`,
          [id],
        );
        if (rowCount === 1) await appendEvent(connection, 'optimization.status', id, { status: 'queued' });
        return rowCount === 1;
      }),
    earlierTrials: (id) => earlierTrials(database, id),
    resultRows: (key, page) => resultRows(database, key, page),
    findRow: (key, position) => findRow(database, key, position),
  };
}

async function findOptimization(connection: Connection, id: string): Promise<OptimizationRecord | null> {
  const { rows } = await connection.query<OptimizationRow>(`${SELECT} where o.id = $1`, [id]);
  return rows[0] === undefined ? null : optimizationOf(rows[0]);
}

async function accept(
  connection: pg.PoolClient,
  optimization: NewOptimization,
  claim: IdempotencyClaim | null,
): Promise<OptimizationAcceptance> {
  if (claim !== null) {
    // Two requests with one key may come at once: the second waits here until the first has committed.
    await connection.query("select pg_advisory_xact_lock(hashtextextended('optimization ' || $1 || ' ' || $2, 0))", [
      claim.owner,
      claim.key,
    ]);
    const { rows } = await connection.query<{ body_hash: string; optimization_id: string }>(
      'select body_hash, optimization_id from optimization_keys where owner = $1 and key = $2',
      [claim.owner, claim.key],
    );
    const known = rows[0];
    if (known !== undefined) {
      if (known.body_hash !== claim.bodyHash) return { kind: 'key-reused' };
      const stored = await findOptimization(connection, known.optimization_id);
      if (stored === null)
        throw new Error(`optimisation ${known.optimization_id} of idempotency key "${claim.key}" is gone`);
      return { kind: 'known', optimization: stored };
    }
  }
  const { id, workflowId, owner, request, strategy, symbol, dataHash, markets } = optimization;
  const { total, positions } = request.plan;
  const { rows } = await connection.query<{ sequence: number }>(
    `insert into optimizations (id, workflow_id, owner, request, strategy, symbol, data_hash, total, positions)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning sequence`,
    [id, workflowId, owner, JSON.stringify(request), strategy, symbol, dataHash, total, positions],
  );
  await insertMarkets(connection, only(rows).sequence, markets);
  if (claim !== null) {
    await connection.query(
      'insert into optimization_keys (owner, key, body_hash, optimization_id) values ($1, $2, $3, $4)',
      [claim.owner, claim.key, claim.bodyHash, id],
    );
  }
  await appendEvent(connection, 'optimization.accepted', id, { strategy, symbol, total });
  const stored = await findOptimization(connection, id);
  return { kind: 'accepted', optimization: only(stored === null ? [] : [stored]) };
}

/** The first end stands: a second attempt at it, or a cancel meanwhile, leaves nothing. */
async function recordResult(connection: pg.PoolClient, id: string, result: OptimizationResult): Promise<void> {
  const { rowCount } = await connection.query(
    `update optimizations set status = 'completed', result = $2, ended_at = now(), updated_at = now()
     where id = $1 and ${IS_OPEN}`,
    [id, JSON.stringify(result)],
  );
  if (rowCount !== 1) return;
  const { believable, sentence } = result;
  await appendEvent(connection, 'optimization.status', id, { status: 'completed', believable, sentence });
}

async function listOptimizations(
  database: Database,
  filter: OptimizationFilter,
): Promise<{ readonly items: readonly OptimizationRecord[]; readonly next: string | null }> {
  const before = filter.cursor === undefined ? null : Number(filter.cursor);
  const { rows } = await database.query<OptimizationRow>(
    `${SELECT}
     where ($1::bigint is null or o.sequence < $1)
       and ($2::text is null or o.status = $2)
       and ($3::text is null or o.strategy = $3)
       and ($4::text is null or o.symbol = $4)
     order by o.sequence desc limit $5`,
    [before, filter.status ?? null, filter.strategy ?? null, filter.symbol ?? null, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, optimizationOf);
}

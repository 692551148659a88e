import type pg from 'pg';
import type { BacktestResult } from '../../domain/backtest/result.ts';
import type {
  BacktestAcceptance,
  BacktestFilter,
  BacktestPart,
  BacktestRecord,
  BacktestStore,
  NewBacktest,
} from '../ports/backtest-store.ts';
import type { IdempotencyClaim } from '../ports/execution-store.ts';
import { backtestOf, type BacktestRow } from './backtest-rows.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { appendEvent } from './outbox.ts';
import { pageOf } from './pages.ts';
import { only } from './rows.ts';

/** Backtests in Postgres. */
export function createBacktestStore(database: Database): BacktestStore {
  return {
    accept: (backtest, claim) => inTransaction(database, (connection) => accept(connection, backtest, claim)),
    notStarted: async () => {
      const { rows } = await database.query<BacktestRow>(
        'select * from backtests where not started order by sequence limit 100',
      );
      return rows.map(backtestOf);
    },
    markStarted: async (id) => {
      await database.query('update backtests set started = true where id = $1', [id]);
    },
    findBacktest: (id) => findBacktest(database, id),
    listBacktests: (filter) => listBacktests(database, filter),
    recordStart: (id) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update backtests set status = 'running', started_at = coalesce(started_at, now()), bars_done = 0, updated_at = now()
           where id = $1 and status in ('queued', 'running')`,
          [id],
        );
        if (rowCount === 1) await appendEvent(connection, 'backtest.status', id, { status: 'running' });
      }),
    recordProgress: async (id, { barsDone, bars }) => {
      await database.query(
        `update backtests set bars_done = $2, bars = $3, updated_at = now() where id = $1 and status = 'running'`,
        [id, barsDone, bars],
      );
    },
    recordResult: (id, result, parts) =>
      inTransaction(database, (connection) => recordResult(connection, id, result, parts)),
    recordEnd: (id, status, problem) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update backtests set status = $2, problem = $3, ended_at = now(), updated_at = now()
           where id = $1 and status in ('queued', 'running')`,
          [id, status, problem === null ? null : JSON.stringify(problem)],
        );
        if (rowCount === 1) await appendEvent(connection, 'backtest.status', id, { status });
      }),
    findPart: async (id, kind, number) => {
      const { rows } = await database.query<{ content: Buffer }>(
        'select content from backtest_parts where backtest_id = $1 and kind = $2 and number = $3',
        [id, kind, number],
      );
      return rows[0]?.content ?? null;
    },
  };
}

async function findBacktest(connection: Connection, id: string): Promise<BacktestRecord | null> {
  const { rows } = await connection.query<BacktestRow>('select * from backtests where id = $1', [id]);
  return rows[0] === undefined ? null : backtestOf(rows[0]);
}

async function accept(
  connection: pg.PoolClient,
  backtest: NewBacktest,
  claim: IdempotencyClaim | null,
): Promise<BacktestAcceptance> {
  if (claim !== null) {
    // Two requests with one key may come at once: the second waits here until the first has committed.
    await connection.query("select pg_advisory_xact_lock(hashtextextended('backtest ' || $1 || ' ' || $2, 0))", [
      claim.owner,
      claim.key,
    ]);
    const { rows } = await connection.query<{ body_hash: string; backtest_id: string }>(
      'select body_hash, backtest_id from backtest_keys where owner = $1 and key = $2',
      [claim.owner, claim.key],
    );
    const known = rows[0];
    if (known !== undefined) {
      if (known.body_hash !== claim.bodyHash) return { kind: 'key-reused' };
      const stored = await findBacktest(connection, known.backtest_id);
      if (stored === null) throw new Error(`backtest ${known.backtest_id} of idempotency key "${claim.key}" is gone`);
      return { kind: 'known', backtest: stored };
    }
  }
  const { id, workflowId, owner, request, strategy, symbol } = backtest;
  await connection.query(
    'insert into backtests (id, workflow_id, owner, request, strategy, symbol) values ($1, $2, $3, $4, $5, $6)',
    [id, workflowId, owner, JSON.stringify(request), strategy, symbol],
  );
  if (claim !== null) {
    await connection.query('insert into backtest_keys (owner, key, body_hash, backtest_id) values ($1, $2, $3, $4)', [
      claim.owner,
      claim.key,
      claim.bodyHash,
      id,
    ]);
  }
  await appendEvent(connection, 'backtest.accepted', id, { strategy, symbol });
  const stored = await findBacktest(connection, id);
  return { kind: 'accepted', backtest: only(stored === null ? [] : [stored]) };
}

/** The first end stands: a second attempt of the same run, or one that was cancelled meanwhile, leaves nothing. */
async function recordResult(
  connection: pg.PoolClient,
  id: string,
  result: BacktestResult,
  parts: readonly BacktestPart[],
): Promise<void> {
  const { rowCount } = await connection.query(
    `update backtests set status = 'completed', result = $2, bars_done = $3, bars = $3, ended_at = now(), updated_at = now()
     where id = $1 and status in ('queued', 'running')`,
    [id, JSON.stringify(result), result.warmUpBars + result.bars],
  );
  if (rowCount !== 1) return;
  for (const { kind, number, content } of parts) {
    await connection.query('insert into backtest_parts (backtest_id, kind, number, content) values ($1, $2, $3, $4)', [
      id,
      kind,
      number,
      content,
    ]);
  }
  const { tradesHash, closedTrades } = result;
  await appendEvent(connection, 'backtest.status', id, { status: 'completed', tradesHash, closedTrades });
}

async function listBacktests(
  database: Database,
  filter: BacktestFilter,
): Promise<{ readonly items: readonly BacktestRecord[]; readonly next: string | null }> {
  const before = filter.cursor === undefined ? null : Number(filter.cursor);
  const { rows } = await database.query<BacktestRow>(
    `select * from backtests
     where ($1::bigint is null or sequence < $1)
       and ($2::text is null or status = $2)
       and ($3::text is null or strategy = $3)
       and ($4::text is null or symbol = $4)
     order by sequence desc limit $5`,
    [before, filter.status ?? null, filter.strategy ?? null, filter.symbol ?? null, filter.limit + 1],
  );
  return pageOf(rows, filter.limit, backtestOf);
}

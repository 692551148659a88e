import type pg from 'pg';
import { amendedPlan, type Amendment } from '../../domain/execution/amendment.ts';
import {
  type AmendResult,
  type EndCommand,
  type EndResult,
  type ExecutionStatus,
  isFinal,
} from '../../domain/execution/commands.ts';
import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import { compare, difference, type EpochMs, sumOf } from '../../domain/market/decimal.ts';
import type { ExecutionStore, WaitingOrder } from '../ports/execution-store.ts';
import { latestAmendment } from './amendment-rows.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { haltsOver } from './halt-store.ts';
import { holdOrders, readPosition } from './order-ledger.ts';
import { appendEvent } from './outbox.ts';

type Changes = Pick<
  ExecutionStore,
  | 'recordStatus'
  | 'recordAmendment'
  | 'withdrawChild'
  | 'wantedBack'
  | 'recordEnd'
  | 'noteRestart'
  | 'recordClose'
  | 'recordMarket'
>;

/** What becomes of executions, in Postgres: each change in one transaction with its event. */
export function executionChanges(database: Database): Changes {
  return {
    recordStatus: (id, status) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update executions set status = $2, updated_at = now()
           where id = $1 and status in ('running', 'paused') and status <> $2`,
          [id, status],
        );
        if (rowCount === 1) await appendEvent(connection, 'execution.status', id, { status });
      }),
    recordAmendment: (id, amendment) =>
      inTransaction(database, (connection) => recordAmendment(connection, id, amendment)),
    withdrawChild: async (id, child) => {
      await database.query(
        'update executions set withdrawn_child = $2, updated_at = now() where id = $1 and withdrawn_child < $2',
        [id, child],
      );
    },
    wantedBack: (orders) => wantedBack(database, orders),
    recordEnd: (end, endedAt) => inTransaction(database, (connection) => recordEnd(connection, end, endedAt)),
    noteRestart: (id) => appendEvent(database, 'execution.restarted', id, {}),
    recordClose: (id, { end, market }) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update executions set end_price = $2, end_price_at = $3, market = $4, updated_at = now()
           where id = $1 and market is null and status not in ('running', 'paused')`,
          [id, end?.price ?? null, end === null ? null : new Date(end.at), JSON.stringify(market)],
        );
        if (rowCount === 1) await appendEvent(connection, 'execution.measured', id, { end: end?.price ?? null });
      }),
    recordMarket: async (id, market) => {
      await database.query('update executions set market = $2, updated_at = now() where id = $1', [
        id,
        JSON.stringify(market),
      ]);
    },
  };
}

/** Of an execution: it only sells what is held. As `isReduceOnly` has it. */
const REDUCE_ONLY = "(e.side = 'sell' and coalesce((e.plan -> 'params' ->> 'reduceOnly')::numeric, 0) = 1)";

/** In one question, since it is asked five times a second about all orders of an account that wait. */
async function wantedBack(database: Database, orders: readonly WaitingOrder[]): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ id: string }>(
    `select w.id
     from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[]) as w (id, execution_id, child, venue, symbol)
     left join executions e on e.id = w.execution_id
     where e.withdrawn_child >= w.child or e.status not in ('running', 'paused')
        or (exists (select 1 from ${haltsOver('w.venue', 'w.symbol')}) and not coalesce(${REDUCE_ONLY}, false))`,
    [
      orders.map(({ clientOrderId }) => clientOrderId),
      orders.map(({ executionId }) => executionId),
      orders.map(({ child }) => child),
      orders.map(({ venue }) => venue),
      orders.map(({ symbol }) => symbol),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The execution's row, held against every other change until the transaction ends. */
async function hold(
  connection: Connection,
  id: string,
): Promise<{ readonly status: ExecutionStatus; readonly plan: ExecutionPlan }> {
  const { rows } = await connection.query<{ status: ExecutionStatus; plan: ExecutionPlan }>(
    'select status, plan from executions where id = $1 for update',
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`there is no execution ${id}`);
  return row;
}

async function recordAmendment(connection: pg.PoolClient, id: string, amendment: Amendment): Promise<AmendResult> {
  const { rows } = await connection.query<{ venue: string }>('select venue from executions where id = $1', [id]);
  // No order of the account comes to be meanwhile: each later one is decided on the amended plan.
  if (rows[0] !== undefined) await holdOrders(connection, rows[0].venue);
  const { status } = await hold(connection, id);
  if ((await latestAmendment(connection, id)) >= amendment.number) return known(connection, id, amendment);
  if (isFinal(status)) return { accepted: false, reason: `the execution is ${status}` };
  const { filled, open } = await readPosition(connection, id);
  const committed = sumOf([filled, open]);
  if (compare(amendment.quantity, committed) < 0) {
    const reason = `quantity ${amendment.quantity} is below the ${filled} that has filled and the ${open} that may still fill: give at least ${committed}, or cancel`;
    return { accepted: false, reason };
  }
  await connection.query('insert into amendments (execution_id, number, amendment) values ($1, $2, $3)', [
    id,
    amendment.number,
    JSON.stringify(amendment),
  ]);
  const { number, quantity, limit } = amendment;
  const endAt = new Date(amendment.endAt).toISOString();
  await appendEvent(connection, 'execution.amended', id, { number, quantity, endAt, limit });
  return { accepted: true };
}

/**
 * A number that is taken already: by this very amendment, whose answer was lost, or by another one. That comes of a workflow that was reset to before
 * it, in the Temporal UI: what is on record holds for all orders, and a different one must not run beside it.
 */
async function known(connection: Connection, id: string, amendment: Amendment): Promise<AmendResult> {
  const { rows } = await connection.query<{ same: boolean }>(
    'select amendment = $3::jsonb as same from amendments where execution_id = $1 and number = $2',
    [id, amendment.number, JSON.stringify(amendment)],
  );
  if (rows[0]?.same === true) return { accepted: true };
  const reason = `amendment ${amendment.number} of the execution is on record with other values: its workflow was reset to before that amendment; cancel the execution and start anew`;
  return { accepted: false, reason };
}

async function recordEnd(
  connection: pg.PoolClient,
  { executionId: id, status, problem }: EndCommand,
  endedAt: EpochMs,
): Promise<EndResult> {
  const known = await hold(connection, id);
  if (!isFinal(known.status)) {
    await connection.query(
      'update executions set status = $2, problem = $3, ended_at = $4, updated_at = now() where id = $1',
      [id, status, problem === null ? null : JSON.stringify(problem), new Date(endedAt)],
    );
    await appendEvent(connection, 'execution.status', id, { status });
  }
  const { rows } = await connection.query<{ amendment: Amendment }>(
    'select amendment from amendments where execution_id = $1 order by number desc limit 1',
    [id],
  );
  const { quantity } = amendedPlan(known.plan, rows[0]?.amendment ?? null);
  const { filled } = await readPosition(connection, id);
  return { filled, residual: difference(quantity, filled) };
}

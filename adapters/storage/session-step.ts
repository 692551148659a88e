import type pg from 'pg';
import { isOver } from '../../domain/session/status.ts';
import { type SessionRecord, SessionMoved, type SessionStep } from '../ports/session-store.ts';
import { insertExecution } from './execution-insert.ts';
import { appendEvent } from './outbox.ts';

/** Writes one step of a session, all or nothing, in the transaction of that connection. Throws `SessionMoved` when it is no longer what it was. */
export async function writeStep(connection: pg.PoolClient, before: SessionRecord, step: SessionStep): Promise<void> {
  await moveOn(connection, step);
  await writeJournal(connection, step);
  await writeBars(connection, step);
  await writeTrades(connection, step);
  await writeOrders(connection, step);
  await tellStanding(connection, before, step);
}

/** The update is the lock as well: a second writer waits for it and then finds another version. */
async function moveOn(connection: pg.PoolClient, step: SessionStep): Promise<void> {
  const over = isOver(step.status);
  const { rowCount } = await connection.query(
    `update sessions set
       status = $4, block = $5, problem = $6, last_bar = $7, bars = $8, seq = seq + $9, version = version + 1, settled = $10,
       books = $11, watched = $12, ended_at = ${over ? 'now()' : 'null'}, updated_at = now()
     where id = $1 and seq = $2 and version = $3 and status not in ('stopped', 'failed')`,
    [
      step.sessionId,
      step.expectedSeq,
      step.expectedVersion,
      step.status,
      jsonOrNull(step.block),
      jsonOrNull(step.problem),
      step.lastBar === null ? null : new Date(step.lastBar),
      step.bars,
      step.events.length,
      step.settled,
      JSON.stringify(step.books),
      JSON.stringify(step.watched),
    ],
  );
  if (rowCount !== 1) throw new SessionMoved(step.sessionId);
}

async function writeJournal(connection: pg.PoolClient, { sessionId, expectedSeq, events }: SessionStep): Promise<void> {
  if (events.length === 0) return;
  await connection.query(
    `insert into session_journal (session_id, seq, after, event)
     select $1, $2 + e.place, e.after, e.event
     from unnest($3::timestamptz[], $4::jsonb[]) with ordinality as e (after, event, place)`,
    [
      sessionId,
      expectedSeq,
      events.map(({ after }) => (after === null ? null : new Date(after))),
      events.map(({ event }) => JSON.stringify(event)),
    ],
  );
}

async function writeBars(connection: pg.PoolClient, { sessionId, decisions, equity }: SessionStep): Promise<void> {
  if (decisions.length > 0) {
    await connection.query(
      `insert into session_decisions (session_id, bar, symbol, decision, signals)
       select $1, * from unnest($2::timestamptz[], $3::text[], $4::jsonb[], $5::integer[])`,
      [
        sessionId,
        decisions.map(({ bar }) => new Date(bar)),
        decisions.map(({ symbol }) => symbol),
        decisions.map((decision) => JSON.stringify(decision)),
        decisions.map(({ signals }) => signals.length),
      ],
    );
  }
  if (equity.length > 0) {
    await connection.query(
      `insert into session_equity (session_id, bar, equity, cash)
       select $1, * from unnest($2::timestamptz[], $3::float8[], $4::float8[])`,
      [
        sessionId,
        equity.map(({ bar }) => new Date(bar)),
        equity.map((point) => point.equity),
        equity.map(({ cash }) => cash),
      ],
    );
  }
  for (const { symbol, bar, closedAt, mode, blocked, signals } of decisions) {
    if (signals.length > 0)
      await appendEvent(connection, 'session.decided', sessionId, { symbol, bar, closedAt, mode, blocked, signals });
  }
}

async function writeTrades(connection: pg.PoolClient, { sessionId, trades }: SessionStep): Promise<void> {
  for (const { number, trade, entryOrder, exitOrder } of trades) {
    // An exit in pieces goes on changing the row that its first piece made.
    const { rows } = await connection.query<{ inserted: boolean }>(
      `insert into session_trades (session_id, number, trade, entry_order, exit_order) values ($1, $2, $3, $4, $5)
       on conflict (session_id, number) do update set trade = excluded.trade, exit_order = excluded.exit_order
         where session_trades.trade is distinct from excluded.trade
       returning xmax = 0 as inserted`,
      [sessionId, number, JSON.stringify(trade), entryOrder, exitOrder],
    );
    if (rows[0]?.inserted !== true) continue;
    const { symbol, size, entryPrice, exitPrice, pnl, exitReason } = trade;
    await appendEvent(connection, 'session.trade', sessionId, {
      number,
      symbol,
      size,
      entryPrice,
      exitPrice,
      pnl,
      exitReason,
    });
  }
}

async function writeOrders(connection: pg.PoolClient, step: SessionStep): Promise<void> {
  const { sessionId, orders, taken, working, ended, cancelRequested } = step;
  for (const { wanted, execution } of orders) {
    await insertExecution(connection, execution);
    const { order, version, symbol, side, kind, purpose, quantity, bar } = wanted;
    await connection.query(
      'insert into session_orders (session_id, number, version, execution_id, wanted, bar) values ($1, $2, $3, $4, $5, $6)',
      [sessionId, order, version, execution.id, JSON.stringify(wanted), bar === null ? null : new Date(bar)],
    );
    const facts = { order, version, symbol, side, kind, purpose, quantity, executionId: execution.id };
    await appendEvent(connection, 'session.order', sessionId, { ...facts, state: 'placed' });
  }
  if (taken.length + working.length + ended.length + cancelRequested.length === 0) return;
  await connection.query(
    `update session_orders o set
       taken = coalesce(t.quantity, o.taken), fills = coalesce(t.fills, o.fills),
       state = case when o.state = 'ended' or o.execution_id = any($5::text[]) then 'ended'
                    when o.execution_id = any($6::text[]) then 'working' else o.state end,
       cancel_requested = o.cancel_requested or o.execution_id = any($7::text[]),
       ended_at = case when o.execution_id = any($5::text[]) then coalesce(o.ended_at, now()) else o.ended_at end
     from session_orders own
       left join unnest($2::text[], $3::numeric[], $4::integer[]) as t (id, quantity, fills) on t.id = own.execution_id
     where o.session_id = $1 and own.execution_id = o.execution_id
       and (t.id is not null or o.execution_id = any($5::text[] || $6::text[] || $7::text[]))`,
    [
      sessionId,
      taken.map(({ executionId }) => executionId),
      taken.map(({ quantity }) => quantity),
      taken.map(({ fills }) => fills),
      ended,
      working,
      cancelRequested,
    ],
  );
  for (const { event } of step.events) {
    if (event.kind === 'ended') {
      const { order, version, status, problem } = event;
      await appendEvent(connection, 'session.order', sessionId, { order, version, state: 'ended', status, problem });
    }
  }
}

async function tellStanding(connection: pg.PoolClient, before: SessionRecord, step: SessionStep): Promise<void> {
  const { sessionId, status, problem, block } = step;
  if (status !== before.status) await appendEvent(connection, 'session.status', sessionId, { status, problem });
  if (block !== null && JSON.stringify(block) !== JSON.stringify(before.block))
    await appendEvent(connection, 'session.blocked', sessionId, { block });
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

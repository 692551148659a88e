import type pg from 'pg';
import type { Problem } from '../../domain/execution/commands.ts';
import { commandEffect } from '../../domain/session/command-effect.ts';
import type { SessionCommand } from '../../domain/session/commands.ts';
import type { SessionEvent } from '../../domain/session/journal.ts';
import type { EntryBlock } from '../../domain/session/status.ts';
import { decimal } from '../../domain/market/decimal.ts';
import { fundsLeft, type SessionFunds } from '../ports/session-funds.ts';
import type { IdempotencyClaim } from '../ports/execution-store.ts';
import {
  type NewSession,
  type SessionAcceptance,
  type SessionRecord,
  SessionMoved,
  type SessionStore,
} from '../ports/session-store.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { executionOf, type ExecutionRow, SELECT_EXECUTIONS } from './execution-rows.ts';
import { appendEvent } from './outbox.ts';
import { only } from './rows.ts';
import { readFunds } from './session-funds.ts';
import { readProgress } from './session-progress.ts';
import {
  entryOf,
  INSERT_SESSION,
  type JournalRow,
  type OrderRow,
  placedOf,
  sessionOf,
  type SessionRow,
  sessionValues,
} from './session-rows.ts';
import { writeStep } from './session-step.ts';
import { instrumentOf, type InstrumentRow } from './venue-directory.ts';

const IS_OPEN = "status not in ('stopped', 'failed')";

/**
 * Of an order: it has trades that the books have not taken in although it has ended. The janitor finds such within a day; an outage of the trading worker
 * may come on top, during which the session stands still.
 */
const TRADED_LATE = `(o.ended_at > (select least(now(), s.updated_at) - interval '2 days' from sessions s where s.id = o.session_id)
  and (select count(*) from intents i join fills f using (client_order_id) where i.execution_id = o.execution_id) > o.fills)`;

/** Only ever a later candle, or more of the same: an activity that another has followed may wake up and tell what it saw long ago. */
const SAW_CANDLE = `update sessions set candle_seen = $2
  where id = $1 and (candle_seen is null or (candle_seen->>'time')::bigint < $3
    or ((candle_seen->>'time')::bigint = $3 and (candle_seen->>'high')::float8 <= $4 and (candle_seen->>'low')::float8 >= $5))`;

/** Sessions in Postgres. */
export function createSessionStore(database: Database): SessionStore {
  return {
    accept: (session, claim) => inTransaction(database, (connection) => accept(connection, session, claim)),
    find: (id) => findSession(database, id),
    unstarted: async (olderThanMs) => {
      const { rows } = await database.query<SessionRow>(
        `select * from sessions where not started and created_at <= now() - $1 * interval '1 millisecond'
         order by sequence limit 100`,
        [olderThanMs],
      );
      return rows.map(sessionOf);
    },
    markStarted: async (id) => {
      await database.query('update sessions set started = true where id = $1', [id]);
    },
    started: async () => {
      const { rows } = await database.query<Pick<SessionRow, 'id' | 'workflow_id' | 'problem'>>(
        `select id, workflow_id, problem from sessions where started and ${IS_OPEN} order by sequence`,
      );
      return rows.map(({ id, workflow_id, problem }) => ({ id, workflowId: workflow_id, problem }));
    },
    journal: async (id, above = 0) => {
      const { rows } = await database.query<JournalRow>(
        'select seq, after, event from session_journal where session_id = $1 and seq > $2 order by seq',
        [id, above],
      );
      return rows.map(entryOf);
    },
    placed: async (id) => {
      const { rows } = await database.query<OrderRow>(
        `select o.number, o.version, o.execution_id, o.wanted, o.state, o.cancel_requested, e.started
         from session_orders o join executions e on e.id = o.execution_id
         where o.session_id = $1 and (o.state <> 'ended' or o.ended_at > now() - interval '1 hour' or ${TRADED_LATE})
         order by o.number, o.version`,
        [id],
      );
      return rows.map(placedOf);
    },
    progress: (executionIds) => readProgress(database, executionIds),
    step: (step) =>
      inTransaction(database, async (connection) => {
        const before = await findSession(connection, step.sessionId);
        if (before === null) throw new SessionMoved(step.sessionId);
        await writeStep(connection, before, step);
      }),
    saw: async (id, candle) => {
      const { time, high, low } = candle;
      await database.query(SAW_CANDLE, [id, JSON.stringify(candle), time, high, low]);
    },
    command: (id, command, key) => inTransaction(database, (connection) => runCommand(connection, id, command, key)),
    setBlock: (id, block, by) => inTransaction(database, (connection) => setBlock(connection, id, block, by)),
    setProblem: (id, code, problem) =>
      inTransaction(database, async (connection) => {
        const { rows } = await connection.query<{ problem: Problem | null }>(
          `update sessions set problem = coalesce($3::jsonb, problem->'before'), version = version + 1, updated_at = now()
           where id = $1 and ${IS_OPEN} and (problem is null or problem->>'code' = $2) returning problem`,
          [id, code, problem === null ? null : JSON.stringify(problem)],
        );
        for (const now of rows) await appendEvent(connection, 'session.problem', id, { problem: now.problem });
      }),
    noteUnattended: (id, problem) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update sessions set problem = $2::jsonb || jsonb_strip_nulls(jsonb_build_object('before', problem)),
             version = version + 1, updated_at = now()
           where id = $1 and ${IS_OPEN} and problem->>'code' is distinct from $3`,
          [id, JSON.stringify(problem), problem.code],
        );
        if (rowCount === 1) await appendEvent(connection, 'session.problem', id, { problem });
      }),
    noteRestart: (id, reason) => appendEvent(database, 'session.restarted', id, { reason }),
    unstartedOrders: async (id) => {
      const { rows } = await database.query<ExecutionRow>(
        `${SELECT_EXECUTIONS} where not e.started and e.id in (select execution_id from session_orders where session_id = $1)
         order by e.sequence`,
        [id],
      );
      return rows.map(executionOf);
    },
  };
}

async function findSession(connection: Connection, id: string): Promise<SessionRecord | null> {
  const { rows } = await connection.query<SessionRow>('select * from sessions where id = $1', [id]);
  return rows[0] === undefined ? null : sessionOf(rows[0]);
}

async function accept(
  connection: pg.PoolClient,
  session: NewSession,
  claim: IdempotencyClaim | null,
): Promise<SessionAcceptance> {
  if (claim !== null) {
    // Two requests with one key may come at once: the second waits here until the first has committed.
    await connection.query("select pg_advisory_xact_lock(hashtextextended('session ' || $1 || ' ' || $2, 0))", [
      claim.owner,
      claim.key,
    ]);
    const { rows } = await connection.query<{ body_hash: string; session_id: string }>(
      'select body_hash, session_id from session_keys where owner = $1 and key = $2',
      [claim.owner, claim.key],
    );
    const known = rows[0];
    if (known !== undefined) {
      if (known.body_hash !== claim.bodyHash) return { kind: 'key-reused' };
      const stored = await findSession(connection, known.session_id);
      if (stored === null) throw new Error(`session ${known.session_id} of idempotency key "${claim.key}" is gone`);
      return { kind: 'known', session: stored };
    }
  }
  const funds = await lockedFunds(connection, session);
  if (funds !== null && fundsLeft(funds).lt(decimal(session.spec.capital))) return { kind: 'too-little', funds };
  await connection.query(INSERT_SESSION, sessionValues(session, await instrumentsOf(connection, session)));
  if (claim !== null) {
    await connection.query('insert into session_keys (owner, key, body_hash, session_id) values ($1, $2, $3, $4)', [
      claim.owner,
      claim.key,
      claim.bodyHash,
      session.id,
    ]);
  }
  const { name, venue, symbols, timeframe, strategy } = session.spec;
  await appendEvent(connection, 'session.started', session.id, { name, venue, symbols, timeframe, strategy });
  const stored = await findSession(connection, session.id);
  return { kind: 'accepted', session: only(stored === null ? [] : [stored]) };
}

/** Whoever accepts a session on the same money waits until this transaction has ended. */
async function lockedFunds(
  connection: pg.PoolClient,
  { spec: { venue }, quote }: NewSession,
): Promise<SessionFunds | null> {
  await connection.query("select pg_advisory_xact_lock(hashtextextended('capital ' || $1 || ' ' || $2, 0))", [
    venue,
    quote,
  ]);
  return readFunds(connection, { venue, quote });
}

async function instrumentsOf(
  connection: Connection,
  { spec: { venue, symbols } }: NewSession,
): Promise<SessionRecord['instruments']> {
  const { rows } = await connection.query<InstrumentRow>(
    'select * from instruments where venue = $1 and symbol = any($2)',
    [venue, symbols],
  );
  const missing = symbols.find((symbol) => rows.every((row) => row.symbol !== symbol));
  if (missing !== undefined) throw new Error(`venue ${venue} does not trade ${missing}`);
  return Object.fromEntries(rows.map((row) => [row.symbol, instrumentOf(row)]));
}

/** The row stays locked until the end, so that a step that was reckoned before it finds another version after it. */
async function lockSession(connection: pg.PoolClient, id: string): Promise<SessionRecord> {
  const { rows } = await connection.query<SessionRow>('select * from sessions where id = $1 for update', [id]);
  if (rows[0] === undefined) throw new Error(`there is no session ${id}`);
  return sessionOf(rows[0]);
}

async function runCommand(
  connection: pg.PoolClient,
  id: string,
  command: SessionCommand,
  key: string,
): Promise<SessionRecord> {
  const before = await lockSession(connection, id);
  const { rowCount } = await connection.query(
    `insert into session_commands (session_id, key, command) values ($1, $2, $3) on conflict do nothing`,
    [id, key, JSON.stringify(command)],
  );
  if (rowCount !== 1) return before;
  const { status, stopMode, block, problem, params, events } = commandEffect(before, command);
  await appendJournal(connection, before, events);
  await connection.query(
    `update sessions set status = $2, stop_mode = $3, block = $4, problem = $5, params = $6, seq = seq + $7,
       version = version + 1, settled = settled and $7 = 0, updated_at = now()
     where id = $1`,
    [
      id,
      status,
      stopMode,
      block === null ? null : JSON.stringify(block),
      problem === null ? null : JSON.stringify(problem),
      JSON.stringify(params),
      events.length,
    ],
  );
  if (command.kind === 'amend') await appendEvent(connection, 'session.amended', id, { params, by: command.by });
  else await appendEvent(connection, 'session.status', id, { status, stopMode, by: command.by });
  return lockSession(connection, id);
}

async function appendJournal(
  connection: pg.PoolClient,
  { id, seq, lastBar }: SessionRecord,
  events: readonly SessionEvent[],
): Promise<void> {
  for (const [place, event] of events.entries()) {
    await connection.query('insert into session_journal (session_id, seq, after, event) values ($1, $2, $3, $4)', [
      id,
      seq + place + 1,
      lastBar === null ? null : new Date(lastBar),
      JSON.stringify(event),
    ]);
  }
}

async function setBlock(connection: pg.PoolClient, id: string, block: EntryBlock | null, by: string): Promise<void> {
  const { rowCount } = await connection.query(
    `update sessions set block = $2, version = version + 1, updated_at = now() where id = $1 and ${IS_OPEN}`,
    [id, block === null ? null : JSON.stringify(block)],
  );
  if (rowCount === 1) await appendEvent(connection, 'session.blocked', id, { block, by });
}

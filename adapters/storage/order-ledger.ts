import type pg from 'pg';
import type { Problem } from '../../domain/execution/commands.ts';
import { canFollow, type IntentState } from '../../domain/orders/lifecycle.ts';
import type { Fill } from '../../domain/orders/fill.ts';
import type { Side } from '../../domain/orders/order.ts';
import type { Halt } from '../../domain/risk/gate-input.ts';
import type {
  ChildKey,
  ExecutionPosition,
  GateFacts,
  Intent,
  IntentEnd,
  NewDecision,
  NewIntent,
  OrderLedger,
  OrderTransaction,
} from '../ports/order-ledger.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { appendEvent } from './outbox.ts';
import { epochMs, exact, only } from './rows.ts';
import type { Fence } from './venue-ownership.ts';

interface IntentRow {
  execution_id: string;
  child: number;
  attempt: number;
  client_order_id: string;
  venue: string;
  symbol: string;
  side: Side;
  price: string;
  quantity: string;
  filled: string;
  state: IntentState;
  signed_at: Date;
  sent_at: Date;
  not_after: Date;
  mid: string;
  venue_order_id: string | null;
  problem: Problem | null;
}

const SELECT_INTENTS = `
  select i.*, coalesce((select sum(f.quantity) from fills f where f.client_order_id = i.client_order_id), 0) as filled
  from intents i`;

function intentOf(row: IntentRow): Intent {
  return {
    executionId: row.execution_id,
    child: row.child,
    attempt: row.attempt,
    clientOrderId: row.client_order_id,
    venue: row.venue,
    symbol: row.symbol,
    side: row.side,
    price: exact(row.price),
    quantity: exact(row.quantity),
    filled: exact(row.filled),
    state: row.state,
    signedAt: epochMs(row.signed_at),
    sentAt: epochMs(row.sent_at),
    notAfter: epochMs(row.not_after),
    mid: exact(row.mid),
    venueOrderId: row.venue_order_id,
    problem: row.problem,
  };
}

const keyOf = (key: ChildKey): [string, number, number] => [key.executionId, key.child, key.attempt];

/**
 * Orders, fills and decisions in Postgres.
 * @param fence checked in every transaction that writes, so that nothing of an owner whose time is over is taken; left out by who only reads
 */
export function createOrderLedger(database: Database, fence: Fence = () => Promise.resolve()): OrderLedger {
  const write = <T>(work: (connection: pg.PoolClient) => Promise<T>): Promise<T> =>
    inTransaction(database, async (connection) => {
      await fence(connection);
      return work(connection);
    });
  return {
    position: (executionId) => readPosition(database, executionId),
    findIntent: (key) => findIntent(database, key),
    findIntentByClientOrderId: async (clientOrderId) => {
      const { rows } = await database.query<IntentRow>(`${SELECT_INTENTS} where i.client_order_id = $1`, [
        clientOrderId,
      ]);
      return rows[0] === undefined ? null : intentOf(rows[0]);
    },
    unsettledIntents: async (venue) => {
      const { rows } = await database.query<IntentRow>(
        `${SELECT_INTENTS} where i.venue = $1 and i.state in ('sending', 'working') order by i.sent_at`,
        [venue],
      );
      return rows.map(intentOf);
    },
    orderTransaction: (venue, work) =>
      inTransaction(database, async (connection) => {
        // Orders of one account pass one after another, so that what the gate reads as reserved cannot change under it.
        await connection.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`orders of ${venue}`]);
        // Behind that wait, so that nobody who waits holds up a take-over.
        await fence(connection);
        return work(orderTransaction(connection, venue));
      }),
    markWorking: (key, venueOrderId) =>
      write(async (connection) => {
        await connection.query(
          `update intents set state = 'working', venue_order_id = $4
           where execution_id = $1 and child = $2 and attempt = $3 and state = 'sending'`,
          [...keyOf(key), venueOrderId],
        );
      }),
    endIntent: (key, end) => write((connection) => endIntent(connection, key, end)),
    addLateFills: (intent, fills) => write((connection) => addLateFills(connection, intent, fills)),
    recentSymbols: async (venue, withinMs) => {
      const { rows } = await database.query<{ symbol: string }>(
        "select distinct symbol from intents where venue = $1 and sent_at > now() - $2 * interval '1 millisecond'",
        [venue, withinMs],
      );
      return rows.map((row) => row.symbol);
    },
  };
}

async function findIntent(connection: Connection, key: ChildKey, lock = ''): Promise<Intent | null> {
  const { rows } = await connection.query<IntentRow>(
    `${SELECT_INTENTS} where i.execution_id = $1 and i.child = $2 and i.attempt = $3 ${lock}`,
    keyOf(key),
  );
  return rows[0] === undefined ? null : intentOf(rows[0]);
}

async function readPosition(connection: Connection, executionId: string): Promise<ExecutionPosition> {
  const { rows } = await connection.query<{ filled: string; open: string }>(
    `select coalesce(sum(i.filled), 0) as filled,
            coalesce(sum(i.quantity - i.filled) filter (where i.state in ('sending', 'working')), 0) as open
     from (${SELECT_INTENTS} where i.execution_id = $1) i`,
    [executionId],
  );
  const row = only(rows);
  return { filled: exact(row.filled), open: exact(row.open) };
}

function orderTransaction(connection: pg.PoolClient, venue: string): OrderTransaction {
  return {
    findDecision: async (key) => {
      const { rows } = await connection.query<Pick<NewDecision, 'action' | 'reason'>>(
        'select action, reason from decisions where execution_id = $1 and child = $2 and attempt = $3',
        keyOf(key),
      );
      return rows[0] ?? null;
    },
    position: (executionId) => readPosition(connection, executionId),
    gateFacts: () => readGateFacts(connection, venue),
    recordDecision: (decision) => insertDecision(connection, decision),
    insertIntent: async (intent) => {
      await insertIntent(connection, intent);
      await appendEvent(connection, 'order.intent', intent.executionId, {
        clientOrderId: intent.clientOrderId,
        child: intent.child,
        attempt: intent.attempt,
        side: intent.side,
        price: intent.price,
        quantity: intent.quantity,
      });
    },
  };
}

async function readGateFacts(connection: pg.PoolClient, venue: string): Promise<GateFacts> {
  const halts = await connection.query<Omit<Halt, 'setAt'> & { set_at: Date }>(
    'select id, scope, target, reason, set_at from halts where lifted_at is null',
  );
  const reserved = await connection.query<{ asset: string; amount: string }>(
    `select reserve_asset as asset, sum(reserve_amount) as amount from intents
     where venue = $1 and state in ('sending', 'working') group by reserve_asset`,
    [venue],
  );
  return {
    halts: halts.rows.map(({ set_at, ...halt }) => ({ ...halt, setAt: epochMs(set_at) })),
    reserved: Object.fromEntries(reserved.rows.map((row) => [row.asset, exact(row.amount)])),
  };
}

async function insertDecision(connection: pg.PoolClient, decision: NewDecision): Promise<void> {
  await connection.query(
    `insert into decisions
       (execution_id, child, attempt, due_at, decided_at, target, action, reason, quantity, price, bid, ask, mid)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...keyOf(decision),
      new Date(decision.dueAt),
      new Date(decision.decidedAt),
      decision.target,
      decision.action,
      decision.reason,
      decision.quantity,
      decision.price,
      decision.bid,
      decision.ask,
      decision.mid,
    ],
  );
  // The arrival price is the mid at the first slice, whatever was decided on it.
  await connection.query(
    'update executions set arrival_price = $2, arrival_at = $3 where id = $1 and arrival_at is null',
    [decision.executionId, decision.mid, new Date(decision.decidedAt)],
  );
}

async function insertIntent(connection: pg.PoolClient, intent: NewIntent): Promise<void> {
  await connection.query(
    `insert into intents
       (client_order_id, execution_id, child, attempt, venue, symbol, side, price, quantity, mid,
        reserve_asset, reserve_amount, signed_at, sent_at, not_after)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      intent.clientOrderId,
      ...keyOf(intent),
      intent.venue,
      intent.symbol,
      intent.side,
      intent.price,
      intent.quantity,
      intent.mid,
      intent.reserve.asset,
      intent.reserve.amount,
      new Date(intent.signedAt),
      new Date(intent.sentAt),
      new Date(intent.notAfter),
    ],
  );
}

async function endIntent(connection: pg.PoolClient, key: ChildKey, end: IntentEnd): Promise<void> {
  const intent = await findIntent(connection, key, 'for update of i');
  if (intent === null) throw new Error(`there is no order intent ${keyOf(key).join('|')}`);
  if (intent.state === end.state) return;
  if (!canFollow(intent.state, end.state)) {
    throw new Error(`order intent ${intent.clientOrderId} is ${intent.state} and cannot become ${end.state}`);
  }
  await insertFills(connection, intent, end.fills);
  await connection.query(
    `update intents set state = $4, venue_order_id = coalesce($5, venue_order_id), problem = $6, ended_at = now()
     where execution_id = $1 and child = $2 and attempt = $3`,
    [...keyOf(key), end.state, end.venueOrderId, end.problem === null ? null : JSON.stringify(end.problem)],
  );
  await appendEvent(connection, 'order.ended', intent.executionId, {
    clientOrderId: intent.clientOrderId,
    state: end.state,
    fills: end.fills.map((fill) => ({ tradeId: fill.tradeId, price: fill.price, quantity: fill.quantity })),
    problem: end.problem,
  });
}

async function addLateFills(connection: pg.PoolClient, intent: Intent, fills: readonly Fill[]): Promise<number> {
  const added = await insertFills(connection, intent, fills);
  for (const fill of added) {
    await appendEvent(connection, 'fill.late', intent.executionId, { clientOrderId: intent.clientOrderId, ...fill });
  }
  return added.length;
}

/** Inserts those fills that are not stored yet and returns them. */
async function insertFills(
  connection: pg.PoolClient,
  intent: Pick<Intent, 'venue' | 'symbol' | 'clientOrderId'>,
  fills: readonly Fill[],
): Promise<readonly Fill[]> {
  const added: Fill[] = [];
  for (const fill of fills) {
    const { rowCount } = await connection.query(
      `insert into fills
         (venue, symbol, trade_id, client_order_id, venue_order_id, side, price, quantity, fee, fee_asset, maker, traded_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict (venue, symbol, trade_id) do nothing`,
      [
        intent.venue,
        intent.symbol,
        fill.tradeId,
        intent.clientOrderId,
        fill.orderId,
        fill.side,
        fill.price,
        fill.quantity,
        fill.fee,
        fill.feeAsset,
        fill.maker,
        new Date(fill.at),
      ],
    );
    if (rowCount === 1) added.push(fill);
  }
  return added;
}

import type pg from 'pg';
import type { Fill } from '../../domain/orders/fill.ts';
import { agree, canFollow, endStateGiven, isUnsettled } from '../../domain/orders/lifecycle.ts';
import type {
  ChildKey,
  ExecutionPosition,
  Intent,
  IntentEnd,
  NewDecision,
  NewIntent,
  OrderLedger,
  OrderTransaction,
} from '../ports/order-ledger.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { insertFills } from './fill-rows.ts';
import { readGateFacts } from './gate-facts.ts';
import { findIntent, holdIntent, intentOf, type IntentRow, keyOf, SELECT_INTENTS } from './intent-rows.ts';
import { latestAmendment } from './amendment-rows.ts';
import { createOrderedSymbols } from './ordered-symbols.ts';
import { appendEvent } from './outbox.ts';
import { readReducible } from './reducible.ts';
import { exact, only } from './rows.ts';
import { type Fence, fencedWrites, noFence } from './venue-ownership.ts';

/**
 * Orders, fills and decisions in Postgres.
 * @param fence checked in every transaction that writes, so that nothing of an owner whose time is over is taken; left out by who only reads
 */
export function createOrderLedger(database: Database, fence: Fence = noFence): OrderLedger {
  const write = fencedWrites(database, fence);
  return {
    position: (executionId) => readPosition(database, executionId),
    findIntent: (key) => findIntent(database, key),
    findIntentByClientOrderId: async (clientOrderId) => {
      const { rows } = await database.query<IntentRow>(`${SELECT_INTENTS} where i.client_order_id = $1`, [
        clientOrderId,
      ]);
      return rows[0] === undefined ? null : intentOf(rows[0]);
    },
    filledOf: async (clientOrderIds) => {
      const { rows } = await database.query<{ id: string; filled: string }>(
        `select client_order_id as id, sum(quantity) as filled from fills where client_order_id = any($1)
         group by client_order_id`,
        [clientOrderIds],
      );
      return new Map(rows.map(({ id, filled }) => [id, exact(filled)]));
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
        await holdOrders(connection, venue);
        // Behind that wait, so that nobody who waits holds up a take-over.
        await fence(connection);
        return work(orderTransaction(connection, venue));
      }),
    markWorking: (key, venueOrderId) =>
      write(async (connection) => {
        const intent = await findIntent(connection, key);
        if (intent !== null) await markWorking(connection, intent, venueOrderId);
      }),
    endIntent: (key, end) => write((connection) => endIntent(connection, key, end)),
    addLateFills: (intent, fills) =>
      write(async (connection) => {
        const held = await holdIntent(connection, intent.clientOrderId);
        if (held === null) throw new Error(`there is no order intent ${intent.clientOrderId}`);
        return (await addFills(connection, held, fills)).length;
      }),
    recentSymbols: (venue, withinMs) => createOrderedSymbols(database).recent(venue, withinMs),
  };
}

/** Orders of one account pass one after another, so that what the gate reads as reserved cannot change under it. */
export async function holdOrders(connection: Connection, venue: string): Promise<void> {
  await connection.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`orders of ${venue}`]);
}

/** What an execution has filled and may still fill, in base. */
export async function readPosition(connection: Connection, executionId: string): Promise<ExecutionPosition> {
  const { rows } = await connection.query<{ filled: string; open: string }>(
    `select coalesce(sum(i.filled), 0) as filled,
            coalesce(sum(greatest(0, i.quantity - i.filled)) filter (where i.state in ('sending', 'working')), 0) as open
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
    amendmentNumber: (executionId) => latestAmendment(connection, executionId),
    gateFacts: (now, balancesAgeMs) => readGateFacts(connection, venue, now, balancesAgeMs),
    reducible: (executionId) => readReducible(connection, executionId),
    recordDecision: async (decision) => {
      await insertDecision(connection, decision);
      // One that sends is told by its intent.
      if (decision.action === 'send') return;
      await appendEvent(connection, `decision.${decision.action}`, decision.executionId, {
        child: decision.child,
        attempt: decision.attempt,
        reason: decision.reason,
        target: decision.target,
        quantity: decision.quantity,
        mid: decision.mid,
      });
    },
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

async function insertDecision(connection: pg.PoolClient, decision: NewDecision): Promise<void> {
  await connection.query(
    `insert into decisions
       (execution_id, child, attempt, slice, due_at, decided_at, target, action, reason, quantity, price, bid, ask, mid)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...keyOf(decision),
      decision.slice,
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
        reserve_asset, reserve_amount, signed_at, sent_at, not_after, post_only, mode, stop_price)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
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
      intent.mode === 'post-only',
      intent.mode,
      intent.stopPrice,
    ],
  );
}

/** The venue holds the order: whoever hears it first, from an answer, a look-up or a trade, writes it down once. */
async function markWorking(
  connection: Connection,
  intent: Pick<Intent, 'executionId' | 'clientOrderId'>,
  venueOrderId: string,
): Promise<void> {
  const { rowCount } = await connection.query(
    "update intents set state = 'working', venue_order_id = $2, acknowledged_at = now() where client_order_id = $1 and state = 'sending'",
    [intent.clientOrderId, venueOrderId],
  );
  if (rowCount !== 1) return;
  await appendEvent(connection, 'order.working', intent.executionId, {
    clientOrderId: intent.clientOrderId,
    venueOrderId,
  });
}

async function endIntent(connection: pg.PoolClient, key: ChildKey, end: IntentEnd): Promise<void> {
  const known = await findIntent(connection, key);
  if (known === null) throw new Error(`there is no order intent ${keyOf(key).join('|')}`);
  const intent = await holdIntent(connection, known.clientOrderId);
  if (intent === null) throw new Error(`order intent ${known.clientOrderId} is gone`);
  if (!isUnsettled(intent.state)) {
    if (!agree(intent.state, end.state)) throw cannotFollow(intent, end);
    // Another attempt has ended it. A trade that this one knows beyond that is late, and is never dropped.
    await addFills(connection, intent, end.fills);
    return;
  }
  if (!canFollow(intent.state, end.state)) throw cannotFollow(intent, end);
  await tellFills(connection, 'order.fill', intent, await insertFills(connection, intent, end.fills));
  const { filled } = (await findIntent(connection, key)) ?? intent;
  const state = endStateGiven(end.state, intent.quantity, filled);
  await connection.query(
    `update intents set state = $4, venue_order_id = coalesce($5, venue_order_id), problem = $6, retryable = $7,
       ended_at = now()
     where execution_id = $1 and child = $2 and attempt = $3`,
    [
      ...keyOf(key),
      state,
      end.venueOrderId,
      end.problem === null ? null : JSON.stringify(end.problem),
      end.retryable ?? true,
    ],
  );
  await appendEvent(connection, 'order.ended', intent.executionId, {
    clientOrderId: intent.clientOrderId,
    state,
    filled,
    fills: end.fills.map((fill) => ({ tradeId: fill.tradeId, price: fill.price, quantity: fill.quantity })),
    problem: end.problem,
  });
}

function cannotFollow(intent: Intent, end: IntentEnd): Error {
  return new Error(`order intent ${intent.clientOrderId} is ${intent.state} and cannot become ${end.state}`);
}

/**
 * Stores trades of an order that came by themselves, apart from its end. One of an order that has ended is an alarm; one of an order that may
 * not have arrived proves that it has.
 *
 * @param intent held by this transaction.
 * @returns those that were new.
 */
export async function addFills(
  connection: Connection,
  intent: Intent,
  fills: readonly Fill[],
): Promise<readonly Fill[]> {
  const added = await insertFills(connection, intent, fills);
  const [first] = added;
  if (first === undefined) return added;
  if (intent.state === 'sending') await markWorking(connection, intent, first.orderId);
  else if (intent.venueOrderId === null)
    await connection.query('update intents set venue_order_id = $2 where client_order_id = $1', [
      intent.clientOrderId,
      first.orderId,
    ]);
  await tellFills(connection, 'order.fill', intent, added);
  if (!isUnsettled(intent.state)) await tellFills(connection, 'fill.late', intent, added);
  return added;
}

/** Whoever stores a fill tells it as `order.fill`, in the same transaction: each once. */
async function tellFills(
  connection: Connection,
  kind: 'order.fill' | 'fill.late',
  { executionId, clientOrderId }: Intent,
  added: readonly Fill[],
): Promise<void> {
  for (const fill of added) await appendEvent(connection, kind, executionId, { clientOrderId, ...fill });
}

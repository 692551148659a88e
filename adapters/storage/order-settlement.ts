import type { DurationMs } from '../../domain/market/decimal.ts';
import type { HandSettlement, OrderSettlement } from '../ports/order-list.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { holdIntent } from './intent-rows.ts';
import { findOrder } from './order-list.ts';
import { appendEvent } from './outbox.ts';
import { only } from './rows.ts';

/** Longer than the platform needs to find out by itself where it can. */
const BY_ITSELF_MS: DurationMs = 120_000;

/** Orders that are settled by hand, in Postgres. */
export function createOrderSettlement(database: Database): OrderSettlement {
  return {
    settleNotPlaced: (clientOrderId, word) =>
      inTransaction(database, (connection) => settleNotPlaced(connection, clientOrderId, word)),
  };
}

async function settleNotPlaced(
  connection: Connection,
  clientOrderId: string,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<HandSettlement> {
  const intent = await holdIntent(connection, clientOrderId);
  if (intent === null) return { kind: 'unknown' };
  // One that works is known to the venue, and can never have been "not placed".
  if (intent.state !== 'sending') return { kind: 'not-open', state: intent.state };
  const { rows } = await connection.query<{ soon: boolean }>(
    "select sent_at > now() - $2 * interval '1 millisecond' as soon from intents where client_order_id = $1",
    [clientOrderId, BY_ITSELF_MS],
  );
  if (only(rows).soon) return { kind: 'too-soon', sentAt: intent.sentAt };
  const problem = { code: 'SETTLED_BY_HAND', detail: `${by} says that it was not placed: ${reason}` };
  await connection.query(
    "update intents set state = 'not-placed', problem = $2, ended_at = now() where client_order_id = $1",
    [clientOrderId, JSON.stringify(problem)],
  );
  await appendEvent(connection, 'order.ended', intent.executionId, {
    clientOrderId,
    state: 'not-placed',
    filled: '0',
    fills: [],
    problem,
    by,
  });
  const settled = await findOrder(connection, clientOrderId);
  return settled === null ? { kind: 'unknown' } : { kind: 'settled', order: settled };
}

import type { Fill } from '../../domain/orders/fill.ts';
import { isUnsettled } from '../../domain/orders/lifecycle.ts';
import type { FillIntake, FillIntakeOutcome } from '../ports/fill-intake.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { insertForeignTrade } from './fill-rows.ts';
import { holdIntent } from './intent-rows.ts';
import { addFills } from './order-ledger.ts';
import { appendEvent } from './outbox.ts';

/** The intake of trades that streams show, in Postgres. Needs no ownership of the account: storing a trade twice stores it once. */
export function createFillIntake(database: Database): FillIntake {
  return {
    acceptStreamFill: (venue, fill, clientOrderId, venueOrderId) =>
      inTransaction(database, (connection) =>
        acceptFill(connection, venue, { ...fill, orderId: venueOrderId }, clientOrderId),
      ),
  };
}

/** Stores one trade of an account with the order that it belongs to, or as foreign. */
export async function acceptFill(
  connection: Connection,
  venue: string,
  fill: Fill,
  clientOrderId: string | null,
): Promise<FillIntakeOutcome> {
  const owner = await orderOf(connection, venue, fill, clientOrderId);
  const intent = owner === null ? null : await holdIntent(connection, owner);
  if (intent === null) {
    if (!(await insertForeignTrade(connection, venue, fill, clientOrderId))) return 'known';
    await appendEvent(connection, 'trade.foreign', venue, { clientOrderId, ...fill });
    return 'foreign';
  }
  const added = await addFills(connection, intent, [fill]);
  if (added.length === 0) return 'known';
  return isUnsettled(intent.state) ? 'counted' : 'late';
}

/** The client order id of the order of ours that a trade belongs to. Another account's order of that id is not it. */
async function orderOf(
  connection: Connection,
  venue: string,
  fill: Fill,
  clientOrderId: string | null,
): Promise<string | null> {
  const { rows } = await connection.query<{ client_order_id: string }>(
    `select client_order_id from intents
     where venue = $1 and symbol = $2 and side = $3 and (client_order_id = $4 or venue_order_id = $5)
     order by client_order_id = $4 desc limit 1`,
    [venue, fill.symbol, fill.side, clientOrderId, fill.orderId],
  );
  return rows[0]?.client_order_id ?? null;
}

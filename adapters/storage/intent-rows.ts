import type { Problem } from '../../domain/execution/commands.ts';
import type { IntentState } from '../../domain/orders/lifecycle.ts';
import type { OrderMode, Side } from '../../domain/orders/order.ts';
import type { ChildKey, Intent } from '../ports/order-ledger.ts';
import type { Connection } from './database.ts';
import { epochMs, exact, exactOrNull } from './rows.ts';

export interface IntentRow {
  execution_id: string;
  child: number;
  attempt: number;
  client_order_id: string;
  venue: string;
  symbol: string;
  side: Side;
  price: string;
  quantity: string;
  post_only: boolean;
  /** `null` of a row that was written before there were other modes than these two. */
  mode: OrderMode | null;
  stop_price: string | null;
  filled: string;
  state: IntentState;
  signed_at: Date;
  sent_at: Date;
  not_after: Date;
  mid: string;
  venue_order_id: string | null;
  problem: Problem | null;
  retryable: boolean;
}

/** Intents `i` with the sum of their stored fills. */
export const SELECT_INTENTS = `
  select i.*, coalesce((select sum(f.quantity) from fills f where f.client_order_id = i.client_order_id), 0) as filled
  from intents i`;

export function intentOf(row: IntentRow): Intent {
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
    mode: modeOfRow(row),
    stopPrice: exactOrNull(row.stop_price),
    filled: exact(row.filled),
    state: row.state,
    signedAt: epochMs(row.signed_at),
    sentAt: epochMs(row.sent_at),
    notAfter: epochMs(row.not_after),
    mid: exact(row.mid),
    venueOrderId: row.venue_order_id,
    problem: row.problem,
    retryable: row.retryable,
  };
}

/** How the order of a row comes to trade. */
export function modeOfRow({ mode, post_only }: Pick<IntentRow, 'mode' | 'post_only'>): OrderMode {
  return mode ?? (post_only ? 'post-only' : 'take');
}

/** The three columns that name a child order, in the order of the table. */
export const keyOf = (key: ChildKey): [string, number, number] => [key.executionId, key.child, key.attempt];

/** One intent by its key. */
export async function findIntent(connection: Connection, key: ChildKey): Promise<Intent | null> {
  const { rows } = await connection.query<IntentRow>(
    `${SELECT_INTENTS} where i.execution_id = $1 and i.child = $2 and i.attempt = $3`,
    keyOf(key),
  );
  return rows[0] === undefined ? null : intentOf(rows[0]);
}

/**
 * One intent, held against every other writer until the transaction ends. Its fills are summed after it is held: a statement sees what was
 * committed when it began, so a sum in the statement that waits for the row would miss what the other writer has stored.
 */
export async function holdIntent(connection: Connection, clientOrderId: string): Promise<Intent | null> {
  await connection.query('select 1 from intents where client_order_id = $1 for update', [clientOrderId]);
  const { rows } = await connection.query<IntentRow>(`${SELECT_INTENTS} where i.client_order_id = $1`, [clientOrderId]);
  return rows[0] === undefined ? null : intentOf(rows[0]);
}

import type { Problem } from '../../domain/execution/commands.ts';
import type { WantedOrder } from '../../domain/session/order.ts';
import type { PageOf } from '../ports/reconciliation-store.ts';
import type { SessionOrderRow, SessionPage } from '../ports/session-reader.ts';
import type { Database } from './database.ts';
import { epochMs, epochMsOrNull, exact } from './rows.ts';

interface OrderRow {
  wanted: WantedOrder;
  execution_id: string;
  state: SessionOrderRow['state'];
  cancel_requested: boolean;
  created_at: Date;
  ended_at: Date | null;
  status: string;
  problem: Problem | null;
  mid: string | null;
  sent_at: Date | null;
  client_order_ids: readonly string[] | null;
  filled: string;
  notional: string;
  fills: number;
  first_fill_at: Date | null;
  fees: Readonly<Record<string, string>>;
}

/** The orders of a session, newest first, with the price that each was decided on and what it traded at. */
export async function listSessionOrders(
  database: Database,
  id: string,
  { limit, cursor }: SessionPage,
): Promise<PageOf<SessionOrderRow>> {
  const skipped = Number(cursor ?? 0);
  const { rows } = await database.query<OrderRow>(
    `select o.wanted, o.execution_id, o.state, o.cancel_requested, o.created_at, o.ended_at, e.status, e.problem,
            first.mid, first.sent_at, c.client_order_ids, f.filled, f.notional, f.fills, f.first_fill_at, p.fees
     from session_orders o
     join executions e on e.id = o.execution_id
     left join lateral (
       select mid, sent_at from intents where execution_id = o.execution_id order by child, attempt limit 1) first on true
     cross join lateral (
       select array_agg(client_order_id order by child, attempt) as client_order_ids from intents where execution_id = o.execution_id) c
     cross join lateral (
       select coalesce(sum(f.quantity), 0) as filled, coalesce(sum(f.quantity * f.price), 0) as notional,
              count(*)::integer as fills, min(f.traded_at) as first_fill_at
       from intents i join fills f using (client_order_id) where i.execution_id = o.execution_id) f
     cross join lateral (
       select coalesce(jsonb_object_agg(b.fee_asset, b.fee), '{}') as fees
       from (select f.fee_asset, sum(f.fee)::text as fee
             from intents i join fills f using (client_order_id) where i.execution_id = o.execution_id group by f.fee_asset) b) p
     where o.session_id = $1 order by o.created_at desc, o.number desc, o.version desc limit $2 offset $3`,
    [id, limit + 1, skipped],
  );
  return { items: rows.slice(0, limit).map(toOrder), next: rows.length > limit ? String(skipped + limit) : null };
}

function toOrder(row: OrderRow): SessionOrderRow {
  return {
    wanted: row.wanted,
    executionId: row.execution_id,
    state: row.state,
    cancelRequested: row.cancel_requested,
    createdAt: epochMs(row.created_at),
    endedAt: epochMsOrNull(row.ended_at),
    execution: { status: row.status, problem: row.problem },
    decided: row.mid === null || row.sent_at === null ? null : { mid: exact(row.mid), sentAt: epochMs(row.sent_at) },
    clientOrderIds: row.client_order_ids ?? [],
    filled: exact(row.filled),
    notional: exact(row.notional),
    fees: Object.fromEntries(Object.entries(row.fees).map(([asset, fee]) => [asset, exact(fee)])),
    fills: row.fills,
    firstFillAt: epochMsOrNull(row.first_fill_at),
  };
}

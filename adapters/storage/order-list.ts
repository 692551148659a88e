import type { OrderList, OrderQuery, OrderRecord } from '../ports/order-list.ts';
import type { Connection, Database } from './database.ts';
import { fillOf, type FillRow } from './fill-rows.ts';
import { intentOf, type IntentRow } from './intent-rows.ts';
import { pageOf } from './pages.ts';
import { epochMsOrNull, exact } from './rows.ts';

interface OrderRow extends IntentRow {
  sequence: number;
  slice: number | null;
  notional: string;
  ended_at: Date | null;
}

const SELECT_ORDERS = `
  select i.*, d.slice, f.filled, f.notional
  from intents i
  left join decisions d on d.execution_id = i.execution_id and d.child = i.child and d.attempt = i.attempt
  cross join lateral (
    select coalesce(sum(quantity), 0) as filled, coalesce(sum(quantity * price), 0) as notional
    from fills where client_order_id = i.client_order_id) f`;

function orderOf(row: OrderRow): OrderRecord {
  return { ...intentOf(row), slice: row.slice, notional: exact(row.notional), endedAt: epochMsOrNull(row.ended_at) };
}

/** Orders in Postgres, as they are read. */
export function createOrderList(database: Database): OrderList {
  return {
    listOrders: (query) => listOrders(database, query),
    findOrder: async (clientOrderId) => {
      const order = await findOrder(database, clientOrderId);
      if (order === null) return null;
      const fills = await database.query<FillRow>(
        'select * from fills where client_order_id = $1 order by traded_at, trade_id',
        [clientOrderId],
      );
      return { order, fills: fills.rows.map(fillOf) };
    },
  };
}

/** One order, without its fills. */
export async function findOrder(connection: Connection, clientOrderId: string): Promise<OrderRecord | null> {
  const { rows } = await connection.query<OrderRow>(`${SELECT_ORDERS} where i.client_order_id = $1`, [clientOrderId]);
  return rows[0] === undefined ? null : orderOf(rows[0]);
}

async function listOrders(
  database: Database,
  { execution, venue, symbol, state, limit, cursor }: OrderQuery,
): Promise<{ readonly items: readonly OrderRecord[]; readonly next: string | null }> {
  const { rows } = await database.query<OrderRow>(
    `${SELECT_ORDERS}
     where ($1::text is null or i.execution_id = $1) and ($2::text is null or i.venue = $2)
       and ($3::text is null or i.symbol = $3) and ($4::text is null or i.state = $4)
       and ($5::bigint is null or i.sequence < $5)
     order by i.sequence desc limit $6`,
    [execution ?? null, venue ?? null, symbol ?? null, state ?? null, cursor ?? null, limit + 1],
  );
  return pageOf(rows, limit, orderOf);
}

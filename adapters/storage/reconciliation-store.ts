import type { VenueOrder } from '../../domain/orders/order.ts';
import type { BalanceSnapshot, NewReconciliation, ReconciliationStore } from '../ports/reconciliation-store.ts';
import { type Connection, type Database, inTransaction } from './database.ts';
import { intentOf, type IntentRow, keyOf, SELECT_INTENTS } from './intent-rows.ts';
import { appendEvent } from './outbox.ts';
import { pageBySequence } from './pages.ts';
import {
  accountTradeOf,
  foreignOrderOf,
  foreignTradeOf,
  reconciliationOf,
  type ReconciliationRow,
  type TradeRow,
} from './reconciliation-rows.ts';
import { epochMsOrNull, only } from './rows.ts';
import { type Fence, fencedWrites, noFence } from './venue-ownership.ts';

/** Older reconciliations are forgotten; what they found stays in the outbox. */
const KEPT_FOR = '30 days';

/** A foreign trade that has turned out to be ours counts as ours alone. */
const NOT_OURS = `not exists (select 1 from fills f where f.venue = t.venue and f.symbol = t.symbol and f.trade_id = t.trade_id and f.venue_order_id = t.venue_order_id)`;

/**
 * Reconciliations, and what others do on our accounts, in Postgres.
 * @param fence checked before what is found is stored: a picture of the account by an earlier owner must not follow one by the present one
 */
export function createReconciliationStore(database: Database, fence: Fence = noFence): ReconciliationStore {
  const write = fencedWrites(database, fence);
  return {
    lastRuns: async (venue, farMs) => {
      const { rows } = await database.query<{ started: Date | null; far: Date | null }>(
        `select max(started_at) as started, max(started_at) filter (where looked_back_ms >= $2) as far
         from reconciliations where venue = $1`,
        [venue, farMs],
      );
      const { started, far } = only(rows);
      return { startedAt: epochMsOrNull(started), farAt: epochMsOrNull(far) };
    },
    lastSnapshot: (venue) => lastSnapshot(database, venue),
    tradesAfter: async (venue, cut) => {
      const { rows } = await database.query<TradeRow>(
        `select * from (
           select symbol collate "C" as symbol, trade_id collate "C" as trade_id, side, price, quantity, fee, fee_asset, traded_at
           from fills where venue = $1 and traded_at >= $2
           union all
           select symbol collate "C", trade_id collate "C", side, price, quantity, fee, fee_asset, traded_at
           from foreign_trades t where venue = $1 and traded_at >= $2 and ${NOT_OURS}
         ) trades
         where (traded_at, symbol, length(trade_id), trade_id) > ($2, $3 collate "C", length($4::text), $4 collate "C")
         order by traded_at, symbol, length(trade_id), trade_id`,
        [venue, new Date(cut.at), cut.symbol, cut.tradeId],
      );
      return rows.map(accountTradeOf);
    },
    unknownTrades: async (venue, symbol, trades) => {
      const { rows } = await database.query<{ position: number }>(
        `select position from unnest($3::text[], $4::text[]) with ordinality as asked (trade_id, order_id, position)
         where not exists (select 1 from fills f where f.venue = $1 and f.symbol = $2
                             and f.trade_id = asked.trade_id and f.venue_order_id = asked.order_id)
           and not exists (select 1 from foreign_trades t where t.venue = $1 and t.symbol = $2
                             and t.trade_id = asked.trade_id and t.venue_order_id = asked.order_id
                             and t.client_order_id is not null)
         order by position`,
        [venue, symbol, trades.map(({ tradeId }) => tradeId), trades.map(({ orderId }) => orderId)],
      );
      return rows.flatMap(({ position }) => trades[position - 1] ?? []);
    },
    ownOrderIds: async (venue, symbol, orderIds) => {
      const { rows } = await database.query<{ venue_order_id: string; client_order_id: string }>(
        `select venue_order_id, client_order_id from intents
         where venue = $1 and symbol = $2 and venue_order_id = any($3::text[])`,
        [venue, symbol, orderIds],
      );
      return new Map(rows.map((row) => [row.venue_order_id, row.client_order_id]));
    },
    notPlacedIntents: async (venue, withinMs) => {
      const { rows } = await database.query<IntentRow>(
        `${SELECT_INTENTS} where i.venue = $1 and i.state = 'not-placed' and i.sent_at > now() - $2 * interval '1 millisecond'
         order by i.sent_at desc`,
        [venue, withinMs],
      );
      return rows.map(intentOf);
    },
    noteReappeared: (key, order) =>
      inTransaction(database, async (connection) => {
        const { rowCount } = await connection.query(
          `update intents set venue_order_id = $4
           where execution_id = $1 and child = $2 and attempt = $3 and state = 'not-placed' and venue_order_id is null`,
          [...keyOf(key), order.orderId],
        );
        if (rowCount !== 1) return false;
        await appendEvent(connection, 'order.reappeared', key.executionId, {
          clientOrderId: order.clientOrderId,
          venueOrderId: order.orderId,
          status: order.status,
          filled: order.filled,
        });
        return true;
      }),
    noteOrphan: (intent, order) =>
      appendEvent(database, 'order.orphan', intent.executionId, {
        clientOrderId: intent.clientOrderId,
        venueOrderId: order.orderId,
        endedAs: intent.state,
        quantity: order.quantity,
        filled: order.filled,
      }),
    saveForeignOrders: (venue, orders) => write((connection) => saveForeignOrders(connection, venue, orders)),
    saveReconciliation: (run) => write((connection) => saveReconciliation(connection, run)),
    listReconciliations: (page) =>
      pageBySequence(database, 'select t.* from reconciliations t where true', page, reconciliationOf),
    listForeignOrders: (page) =>
      pageBySequence(database, 'select t.* from foreign_orders t where t.closed_at is null', page, foreignOrderOf),
    listForeignTrades: (page) =>
      pageBySequence(database, `select t.* from foreign_trades t where ${NOT_OURS}`, page, foreignTradeOf),
  };
}

async function lastSnapshot(database: Database, venue: string): Promise<BalanceSnapshot | null> {
  const { rows } = await database.query<ReconciliationRow>(
    'select * from reconciliations where venue = $1 and balances is not null order by sequence desc limit 1',
    [venue],
  );
  return rows[0] === undefined ? null : reconciliationOf(rows[0]).snapshot;
}

async function saveForeignOrders(connection: Connection, venue: string, orders: readonly VenueOrder[]): Promise<void> {
  for (const order of orders) {
    const { rows } = await connection.query<{ inserted: boolean }>(
      `insert into foreign_orders (venue, symbol, venue_order_id, client_order_id, side, price, quantity, filled, accepted_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (venue, symbol, venue_order_id) do update
         set filled = excluded.filled, last_seen_at = now(), closed_at = null
       returning xmax = 0 as inserted`,
      [
        venue,
        order.symbol,
        order.orderId,
        order.clientOrderId,
        order.side,
        order.price,
        order.quantity,
        order.filled,
        order.acceptedAt === null ? null : new Date(order.acceptedAt),
      ],
    );
    if (only(rows).inserted) {
      const { symbol, orderId, clientOrderId, side, price, quantity } = order;
      await appendEvent(connection, 'order.foreign', venue, { symbol, orderId, clientOrderId, side, price, quantity });
    }
  }
  await connection.query(
    `update foreign_orders o set closed_at = now() where o.venue = $1 and o.closed_at is null
       and not exists (select 1 from unnest($2::text[], $3::text[]) as open (symbol, id)
                       where open.symbol = o.symbol and open.id = o.venue_order_id)`,
    [venue, orders.map((order) => order.symbol), orders.map((order) => order.orderId)],
  );
}

async function saveReconciliation(connection: Connection, run: NewReconciliation): Promise<void> {
  await connection.query(
    `insert into reconciliations
       (venue, cause, started_at, ended_at, looked_back_ms, findings, differences, balances, cut)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      run.venue,
      run.cause,
      new Date(run.startedAt),
      new Date(run.endedAt),
      run.lookedBackMs,
      JSON.stringify(run.findings),
      JSON.stringify(run.differences),
      run.snapshot === null ? null : JSON.stringify(run.snapshot.balances),
      run.snapshot === null ? null : JSON.stringify(run.snapshot.cut),
    ],
  );
  await connection.query('delete from reconciliations where venue = $1 and ended_at < now() - $2::interval', [
    run.venue,
    KEPT_FOR,
  ]);
  if (Object.keys(run.differences).length > 0)
    await appendEvent(connection, 'balance.difference', run.venue, { amounts: run.differences });
}

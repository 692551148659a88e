import type { Fill } from '../../domain/orders/fill.ts';
import type { Side } from '../../domain/orders/order.ts';
import type { Intent } from '../ports/order-ledger.ts';
import type { Connection } from './database.ts';
import { epochMs, exact } from './rows.ts';

export interface FillRow {
  trade_id: string;
  venue_order_id: string;
  symbol: string;
  side: Side;
  price: string;
  quantity: string;
  fee: string;
  fee_asset: string;
  maker: boolean;
  traded_at: Date;
}

export function fillOf(row: FillRow): Fill {
  return {
    tradeId: row.trade_id,
    orderId: row.venue_order_id,
    symbol: row.symbol,
    side: row.side,
    price: exact(row.price),
    quantity: exact(row.quantity),
    fee: exact(row.fee),
    feeAsset: row.fee_asset,
    maker: row.maker,
    at: epochMs(row.traded_at),
  };
}

/** The columns that a trade has in `fills` and in `foreign_trades` alike. */
const COLUMNS =
  'venue, symbol, trade_id, client_order_id, venue_order_id, side, price, quantity, fee, fee_asset, maker, traded_at';

function valuesOf(venue: string, symbol: string, clientOrderId: string | null, fill: Fill): unknown[] {
  return [
    venue,
    symbol,
    fill.tradeId,
    clientOrderId,
    fill.orderId,
    fill.side,
    fill.price,
    fill.quantity,
    fill.fee,
    fill.feeAsset,
    fill.maker,
    new Date(fill.at),
  ];
}

/** Inserts those fills of an order of ours that are not stored yet and returns them. Whoever took one for foreign was wrong. */
export async function insertFills(
  connection: Connection,
  intent: Pick<Intent, 'venue' | 'symbol' | 'clientOrderId'>,
  fills: readonly Fill[],
): Promise<readonly Fill[]> {
  const added: Fill[] = [];
  for (const fill of fills) {
    const { rowCount } = await connection.query(
      `insert into fills (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict (venue, symbol, trade_id, venue_order_id) do nothing`,
      valuesOf(intent.venue, intent.symbol, intent.clientOrderId, fill),
    );
    if (rowCount !== 1) continue;
    added.push(fill);
    await connection.query(
      'delete from foreign_trades where venue = $1 and symbol = $2 and trade_id = $3 and venue_order_id = $4',
      [intent.venue, intent.symbol, fill.tradeId, fill.orderId],
    );
  }
  return added;
}

/**
 * Stores a trade that belongs to no order of ours, unless it is stored, and says whether it was new; the client order id of its order is added when it
 * comes to be known. Should an order of ours claim it at this very
 * moment, both rows may stand: whoever reads `foreign_trades` leaves out what is in `fills`.
 */
export async function insertForeignTrade(
  connection: Connection,
  venue: string,
  fill: Fill,
  clientOrderId: string | null,
): Promise<boolean> {
  const { rows } = await connection.query<{ inserted: boolean }>(
    `insert into foreign_trades (${COLUMNS})
     select $1, $2, $3, $4, $5, $6, $7::numeric, $8::numeric, $9::numeric, $10, $11::boolean, $12::timestamptz
     where not exists (select 1 from fills where venue = $1 and symbol = $2 and trade_id = $3 and venue_order_id = $5)
     on conflict (venue, symbol, trade_id, venue_order_id) do update
       set client_order_id = excluded.client_order_id
       where foreign_trades.client_order_id is null and excluded.client_order_id is not null
     returning xmax = 0 as inserted`,
    valuesOf(venue, fill.symbol, clientOrderId, fill),
  );
  return rows[0]?.inserted === true;
}

import type { ReconciliationFindings } from '../../domain/execution/janitor.ts';
import type { Decimal } from '../../domain/market/decimal.ts';
import type { Side } from '../../domain/orders/order.ts';
import type { AccountTrade, Amounts, TradeCut } from '../../domain/portfolio/account-trade.ts';
import type {
  ForeignOrder,
  ForeignTrade,
  ReconciliationCause,
  ReconciliationRecord,
} from '../ports/reconciliation-store.ts';
import { epochMs, epochMsOrNull, exact, exactOrNull } from './rows.ts';

export interface ReconciliationRow {
  sequence: number;
  venue: string;
  cause: ReconciliationCause;
  started_at: Date;
  ended_at: Date;
  looked_back_ms: number;
  findings: ReconciliationFindings;
  differences: Amounts;
  balances: Amounts | null;
  cut: TradeCut | null;
}

export function reconciliationOf(row: ReconciliationRow): ReconciliationRecord {
  return {
    id: String(row.sequence),
    venue: row.venue,
    cause: row.cause,
    startedAt: epochMs(row.started_at),
    endedAt: epochMs(row.ended_at),
    lookedBackMs: row.looked_back_ms,
    findings: row.findings,
    differences: row.differences,
    snapshot: row.balances === null || row.cut === null ? null : { balances: row.balances, cut: row.cut },
  };
}

export interface TradeRow {
  sequence: number;
  symbol: string;
  trade_id: string;
  side: Side;
  price: Decimal;
  quantity: Decimal;
  fee: Decimal;
  fee_asset: string;
  traded_at: Date;
}

export function accountTradeOf(row: TradeRow): AccountTrade {
  return {
    tradeId: row.trade_id,
    symbol: row.symbol,
    side: row.side,
    price: exact(row.price),
    quantity: exact(row.quantity),
    fee: exact(row.fee),
    feeAsset: row.fee_asset,
    at: epochMs(row.traded_at),
  };
}

export interface ForeignTradeRow extends TradeRow {
  venue: string;
  venue_order_id: string;
  client_order_id: string | null;
  maker: boolean;
  seen_at: Date;
}

export function foreignTradeOf(row: ForeignTradeRow): ForeignTrade {
  return {
    ...accountTradeOf(row),
    venue: row.venue,
    orderId: row.venue_order_id,
    clientOrderId: row.client_order_id,
    maker: row.maker,
    seenAt: epochMs(row.seen_at),
  };
}

export interface ForeignOrderRow {
  sequence: number;
  venue: string;
  symbol: string;
  venue_order_id: string;
  client_order_id: string | null;
  side: Side;
  price: string | null;
  quantity: string;
  filled: string;
  accepted_at: Date | null;
  first_seen_at: Date;
  last_seen_at: Date;
}

export function foreignOrderOf(row: ForeignOrderRow): ForeignOrder {
  return {
    venue: row.venue,
    symbol: row.symbol,
    orderId: row.venue_order_id,
    clientOrderId: row.client_order_id,
    side: row.side,
    price: exactOrNull(row.price),
    quantity: exact(row.quantity),
    filled: exact(row.filled),
    acceptedAt: epochMsOrNull(row.accepted_at),
    firstSeenAt: epochMs(row.first_seen_at),
    lastSeenAt: epochMs(row.last_seen_at),
  };
}

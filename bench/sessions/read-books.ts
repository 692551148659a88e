import Big from 'big.js';
import type pg from 'pg';
import { finishedCloses } from '../../bin/chaos/sessions/finished-candles.ts';
import { callAdmin, venueOf } from '../../bin/stack/venue-admin.ts';
import type { Decimal, DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Decision } from '../../domain/session/decision.ts';
import { conservation } from '../executions/ledger.ts';
import type { Parity } from '../parity.ts';
import type { BenchStack } from '../stack.ts';
import type { DecidedBar } from './bar-lateness.ts';
import { VENUE } from './sessions-venue.ts';

interface LedgerDocument {
  readonly orders: readonly {
    readonly orderId: string;
    readonly clientOrderId: string;
    readonly acceptedAt: EpochMs;
  }[];
  readonly fills: readonly { readonly orderId: string; readonly quantity: Decimal }[];
}

interface OrderRow {
  readonly execution: string;
  readonly client: string | null;
  readonly kind: string;
  readonly bar: Date | null;
  readonly taken: Decimal;
}

/** A marketable order that was decided at the end of a bar. */
export interface BarOrder {
  readonly openAt: EpochMs;
  /** When the exchange took it first, by its own clock; `null` when it has no such order. */
  readonly receivedAt: EpochMs | null;
}

export async function readDecisions(database: pg.Pool): Promise<readonly DecidedBar[]> {
  const { rows } = await database.query<{ session: string; bar: Date; decided_at: Date; decision: Decision }>(
    'select session_id as session, bar, decided_at, decision from session_decisions',
  );
  return rows.map(({ session, bar, decided_at, decision: { symbol, blocked, close } }) => ({
    session,
    symbol,
    openAt: bar.getTime(),
    decidedAt: decided_at.getTime(),
    isMissed: blocked === 'MISSED',
    close,
  }));
}

/** What the sessions ordered, and what their books say to have traded beside the exchange's ledger, execution by execution. */
export interface OrdersRecord {
  readonly placed: number;
  readonly atBars: readonly BarOrder[];
  readonly parity: Parity;
}

export async function readOrders(stack: BenchStack, database: pg.Pool): Promise<OrdersRecord> {
  const ledger = (await callAdmin(venueOf(stack.record(), VENUE), 'GET', '/ledger')) as LedgerDocument;
  const { rows } = await database.query<OrderRow>(
    `select o.execution_id as execution, i.client_order_id as client, o.wanted ->> 'kind' as kind, o.bar, o.taken::text as taken
     from session_orders o left join intents i using (execution_id)`,
  );
  const executionOfClient = new Map(rows.map(({ client, execution }) => [client, execution]));
  const executionOf = new Map(
    ledger.orders.map(({ orderId, clientOrderId }) => [orderId, executionOfClient.get(clientOrderId) ?? 'nobody']),
  );
  const traded = new Map<string, Big>();
  for (const { orderId, quantity } of ledger.fills) {
    const execution = executionOf.get(orderId) ?? 'nobody';
    traded.set(execution, (traded.get(execution) ?? new Big(0)).plus(quantity));
  }
  const received = new Map<string, EpochMs>();
  for (const { orderId, acceptedAt } of ledger.orders) {
    const execution = executionOf.get(orderId)!;
    received.set(execution, Math.min(acceptedAt, received.get(execution) ?? Number.POSITIVE_INFINITY));
  }
  const orders = [...new Map(rows.map((row) => [row.execution, row])).values()];
  const inBooks = orders.map(({ execution, taken }) => [execution, new Big(taken)] as const);
  return {
    placed: orders.length,
    atBars: orders.flatMap(({ execution, kind, bar }) =>
      kind !== 'marketable' || bar === null
        ? []
        : [{ openAt: bar.getTime(), receivedAt: received.get(execution) ?? null }],
    ),
    parity: conservation(traded, new Map(inBooks.filter(([, taken]) => taken.gt(0)))),
  };
}

/** The closes that were decided on, beside those of the exchange's own finished candles. */
export async function compareCloses(
  stack: BenchStack,
  decided: readonly DecidedBar[],
  barMs: DurationMs,
): Promise<Parity> {
  const venue = venueOf(stack.record(), VENUE);
  const times = decided.map(({ openAt }) => openAt);
  const [from, until] = [Math.min(...times), Math.max(...times)];
  const closes = new Map<string, ReadonlyMap<EpochMs, number>>();
  for (const symbol of new Set(decided.map((each) => each.symbol)))
    closes.set(symbol, await finishedCloses(venue, symbol, { from, until, barMs }));
  return closesParity(decided, closes);
}

/** @param closes of the exchange's finished candles, by symbol and opening time */
export function closesParity(
  decided: readonly DecidedBar[],
  closes: ReadonlyMap<string, ReadonlyMap<EpochMs, number>>,
): Parity {
  let maxRelDiff = 0;
  let disagreement: Parity['disagreement'];
  for (const [row, { session, symbol, openAt, close }] of decided.entries()) {
    const there = closes.get(symbol)?.get(openAt);
    if (there === close) continue;
    maxRelDiff = Math.max(maxRelDiff, there === undefined ? 1 : Math.abs(close - there) / Math.max(close, there));
    const column = `close of ${symbol} at ${new Date(openAt).toISOString()} for ${session}`;
    disagreement ??= { row, column, ours: close, peer: there ?? null };
  }
  return { rows: decided.length, maxRelDiff, ...(disagreement === undefined ? {} : { disagreement }) };
}

/** Two comparisons as one. */
export function bothParities(a: Parity, b: Parity): Parity {
  const disagreement = a.disagreement ?? b.disagreement;
  return {
    rows: a.rows + b.rows,
    maxRelDiff: a.maxRelDiff === null || b.maxRelDiff === null ? null : Math.max(a.maxRelDiff, b.maxRelDiff),
    ...(disagreement === undefined ? {} : { disagreement }),
  };
}

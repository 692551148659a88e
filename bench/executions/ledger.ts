import Big from 'big.js';
import type pg from 'pg';
import { openDatabase } from '../../adapters/storage/database.ts';
import { callAdmin, venueOf } from '../../bin/stack/venue-admin.ts';
import type { Decimal, EpochMs } from '../../domain/market/decimal.ts';
import type { BenchStack } from '../stack.ts';
import type { Parity } from '../parity.ts';
import { VENUE } from './bench-venue.ts';
import type { SliceOrder } from './slice-lateness.ts';

interface LedgerDocument {
  readonly orders: readonly {
    readonly orderId: string;
    readonly clientOrderId: string;
    readonly acceptedAt: EpochMs;
  }[];
  readonly fills: readonly { readonly orderId: string; readonly quantity: Decimal }[];
}

/** What the exchange's own ledger says about our orders. */
export interface ExchangeRecord {
  readonly orders: readonly SliceOrder[];
  /** Slices that were decided on and not sent, by reason. */
  readonly notSent: Readonly<Record<string, number>>;
  /** Quantity traded of each execution, in the ledger beside what we have stored. */
  readonly parity: Parity;
}

/** Reads the exchange's ledger and joins it with the slices that its orders were for. */
export async function readExchange(stack: BenchStack): Promise<ExchangeRecord> {
  const ledger = (await callAdmin(venueOf(stack.record(), VENUE), 'GET', '/ledger')) as LedgerDocument;
  return withDatabase(stack, async (database) => {
    const intents = await database.query<{ id: string; execution: string; slice: number }>(
      `select i.client_order_id as id, i.execution_id as execution, d.slice
       from intents i join decisions d using (execution_id, child, attempt)`,
    );
    const stored = await database.query<{ execution: string; filled: Decimal }>(
      `select i.execution_id as execution, sum(f.quantity)::text as filled
       from fills f join intents i using (client_order_id) group by i.execution_id`,
    );
    const reasons = await database.query<{ reason: string; count: number }>(
      `select coalesce(reason, action) as reason, count(*) as count from decisions where action <> 'send' group by 1`,
    );
    const owners = new Map(intents.rows.map((row) => [row.id, row]));
    const orders = ledger.orders.flatMap(({ clientOrderId, acceptedAt }) => {
      const owner = owners.get(clientOrderId);
      return owner === undefined ? [] : [{ executionId: owner.execution, slice: owner.slice, receivedAt: acceptedAt }];
    });
    const executionOf = new Map(
      ledger.orders.map(({ orderId, clientOrderId }) => [orderId, owners.get(clientOrderId)?.execution ?? 'nobody']),
    );
    const traded = new Map<string, Big>();
    for (const { orderId, quantity } of ledger.fills) {
      const execution = executionOf.get(orderId) ?? 'nobody';
      traded.set(execution, (traded.get(execution) ?? new Big(0)).plus(quantity));
    }
    const ours = new Map(stored.rows.map(({ execution, filled }) => [execution, new Big(filled)]));
    const notSent = Object.fromEntries(reasons.rows.map(({ reason, count }) => [reason, count]));
    return { orders, notSent, parity: conservation(traded, ours) };
  });
}

/** How far the quantities in two books are apart, execution by execution; what only one of them has counts in full. */
export function conservation(ledger: ReadonlyMap<string, Big>, ours: ReadonlyMap<string, Big>): Parity {
  const ids = [...new Set([...ledger.keys(), ...ours.keys()])];
  const none = new Big(0);
  let maxRelDiff = 0;
  let disagreement: Parity['disagreement'];
  for (const [row, id] of ids.entries()) {
    const there = ledger.get(id) ?? none;
    const here = ours.get(id) ?? none;
    const larger = there.gt(here) ? there : here;
    if (there.eq(here)) continue;
    maxRelDiff = Math.max(maxRelDiff, there.minus(here).abs().div(larger).toNumber());
    disagreement ??= { row, column: `filled of ${id}`, ours: here.toNumber(), peer: there.toNumber() };
  }
  return { rows: ids.length, maxRelDiff, ...(disagreement === undefined ? {} : { disagreement }) };
}

/** How many executions are not over yet. */
export function countOpen(stack: BenchStack): Promise<number> {
  return withDatabase(stack, async (database) => {
    const { rows } = await database.query<{ open: number }>(
      "select count(*) as open from executions where status in ('running', 'paused')",
    );
    return rows[0]?.open ?? 0;
  });
}

async function withDatabase<T>(stack: BenchStack, work: (database: pg.Pool) => Promise<T>): Promise<T> {
  const database = openDatabase(stack.databaseUrl, 'tradewind bench');
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

import { type Database, openDatabase } from '../../../adapters/storage/database.ts';
import { runMigrations } from '../../../adapters/storage/migrations.ts';
import type { ChildKey, NewDecision, NewIntent } from '../../../adapters/ports/order-ledger.ts';
import type { NewExecution } from '../../../adapters/ports/execution-store.ts';
import type { ExecutionPlan } from '../../../domain/execution/plan.ts';
import type { Fill } from '../../../domain/orders/fill.ts';
import { startTestDatabase } from '../../helpers/postgres.ts';

/** 2024-08-08T23:50:00Z. */
export const START = Date.UTC(2024, 7, 8, 23, 50, 0);

export interface Storage {
  readonly database: Database;
  readonly url: string;
  /** Empties every table. */
  clear(): Promise<void>;
  /** Kinds of the events in the outbox, oldest first, of one subject or of all. */
  events(subject?: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A migrated database on a real PostgreSQL. */
export async function openStorage(): Promise<Storage> {
  const server = await startTestDatabase();
  await runMigrations(server.url);
  const database = openDatabase(server.url, 'storage tests');
  return {
    database,
    url: server.url,
    clear: async () => {
      const { rows } = await database.query<{ name: string }>(
        "select format('%I', tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migrations'",
      );
      await database.query(`truncate ${rows.map(({ name }) => name).join(', ')}`);
    },
    events: async (subject) => {
      const { rows } = await database.query<{ kind: string }>(
        'select kind from outbox where $1::text is null or subject = $1 order by id',
        [subject ?? null],
      );
      return rows.map(({ kind }) => kind);
    },
    close: async () => {
      await database.end();
      await server.stop();
    },
  };
}

/** Buys 5 BTC over 300 s in 20 slices. */
export const planOf = (executionId: string, given: Partial<ExecutionPlan> = {}): ExecutionPlan => ({
  executionId,
  algo: 'twap',
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'buy',
  quantity: '5',
  lot: '0.00001',
  startAt: START,
  endAt: START + 300_000,
  limit: null,
  params: { slices: 20, catchUpFactor: 2, aggressionBps: 10 },
  ...given,
});

export const executionOf = (id: string, given: Partial<ExecutionPlan> = {}): NewExecution => ({
  id,
  workflowId: `execution/${id}`,
  owner: 'admin',
  plan: planOf(id, given),
  base: 'BTC',
  quote: 'USDT',
  decision: { price: '60000.005', at: START - 400 },
});

export const keyOf = (executionId: string, child = 1, attempt = 1): ChildKey => ({ executionId, child, attempt });

export const decisionOf = (key: ChildKey, given: Partial<NewDecision> = {}): NewDecision => ({
  ...key,
  slice: key.child,
  dueAt: START,
  decidedAt: START + 12,
  target: '0.25',
  action: 'send',
  reason: null,
  quantity: '0.25',
  price: '60061',
  bid: '59999',
  ask: '60001',
  mid: '60000',
  ...given,
});

export const intentOf = (key: ChildKey, given: Partial<NewIntent> = {}): NewIntent => ({
  ...key,
  clientOrderId: `${key.executionId}-${key.child}-${key.attempt}`,
  venue: 'sim',
  symbol: 'BTC/USDT',
  side: 'buy',
  price: '60061',
  quantity: '0.25',
  mode: 'take',
  stopPrice: null,
  mid: '60000',
  signedAt: START + 20,
  sentAt: START + 21,
  notAfter: START + 15_000,
  // 0.25 * 60061 * 1.001
  reserve: { asset: 'USDT', amount: '15030.26525' },
  ...given,
});

export const fillOf = (tradeId: string, quantity: string, given: Partial<Fill> = {}): Fill => ({
  tradeId,
  orderId: '77',
  symbol: 'BTC/USDT',
  side: 'buy',
  price: '60001',
  quantity,
  fee: '0.000000000000000001',
  feeAsset: 'BTC',
  maker: false,
  at: START + 30,
  ...given,
});

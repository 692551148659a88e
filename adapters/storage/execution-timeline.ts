import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Database } from './database.ts';
import { epochMs } from './rows.ts';

/** When something about an execution was written down: a decision, the end of an order, its own end. */
export interface ProgressMark {
  readonly executionId: string;
  readonly at: EpochMs;
}

/** An order from its signature to its end; `endedAt` is `null` while it has none. */
export interface OrderSpan {
  readonly executionId: string;
  readonly sentAt: EpochMs;
  readonly endedAt: EpochMs | null;
}

/** Since when a process has owned a venue account. */
export interface TakeOver {
  readonly venue: string;
  readonly epoch: number;
  /** As host/pid. */
  readonly owner: string;
  readonly at: EpochMs;
}

/** What happened to executions when, as the database has it. All lists are in order of time. */
export interface ExecutionTimeline {
  readonly progress: readonly ProgressMark[];
  readonly orders: readonly OrderSpan[];
}

/** Reads when the given executions made progress, and how long each of their orders was open. */
export async function readTimeline(database: Database, executionIds: readonly string[]): Promise<ExecutionTimeline> {
  const progress = await database.query<{ id: string; at: Date }>(
    `select execution_id as id, decided_at as at from decisions where execution_id = any($1)
     union all select execution_id, ended_at from intents where execution_id = any($1) and ended_at is not null
     union all select id, ended_at from executions where id = any($1) and ended_at is not null
     order by at`,
    [executionIds],
  );
  const orders = await database.query<{ id: string; sent_at: Date; ended_at: Date | null }>(
    'select execution_id as id, sent_at, ended_at from intents where execution_id = any($1) order by sent_at',
    [executionIds],
  );
  return {
    progress: progress.rows.map(({ id, at }) => ({ executionId: id, at: epochMs(at) })),
    orders: orders.rows.map((row) => ({
      executionId: row.id,
      sentAt: epochMs(row.sent_at),
      endedAt: row.ended_at === null ? null : epochMs(row.ended_at),
    })),
  };
}

/** All take-overs of venue accounts that are still on record, and in any case the latest of each. */
export async function readTakeOvers(database: Database): Promise<readonly TakeOver[]> {
  const { rows } = await database.query<{ venue: string; epoch: number; owner: string; at: Date }>(
    `select venue, epoch, owner, min(at) as at from (
       select subject as venue, (payload->>'epoch')::bigint as epoch, payload->>'owner' as owner, at
       from outbox where kind = 'venue.owner'
       union all select venue, epoch, owner, since from venue_owners
     ) known group by venue, epoch, owner order by at, epoch`,
  );
  return rows.map((row) => ({ ...row, at: epochMs(row.at) }));
}

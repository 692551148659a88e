import type { ExecutionPlan } from '../../domain/execution/plan.ts';
import { isWaiting, MOST_WAITING } from '../../domain/execution/style.ts';
import type { Connection } from './database.ts';
import { only } from './rows.ts';

/**
 * Whether the account may have one more execution under way whose orders wait at the venue, with every other start of one waiting outside until this
 * transaction ends. Orders of sessions count, but are not kept out: how many they can be is bounded by the sessions.
 */
export async function hasRoom(connection: Connection, plan: ExecutionPlan): Promise<boolean> {
  if (!isWaiting(plan)) return true;
  await connection.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`waiting starts of ${plan.venue}`]);
  const { rows } = await connection.query<{ count: number }>(
    `select count(*)::integer as count from executions
     where venue = $1 and status in ('running', 'paused')
       and (plan -> 'params' ->> 'style' = 'maker-first' or plan -> 'params' ->> 'kind' in ('limit', 'stop'))`,
    [plan.venue],
  );
  return only(rows).count < MOST_WAITING;
}

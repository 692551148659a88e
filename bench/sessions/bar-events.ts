import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { eventTypesOf } from '../executions/history-events.ts';

/** Each call of a session's activity handles a bar. */
const ACTIVITY_SCHEDULED = 10;
/** A bar may come while a history is read. */
const TRIES = 5;

/**
 * Events that one bar adds to a history: those between the first call and the last, which still waits, over the bars that the calls between have handled.
 * `null` for less than two calls.
 */
export function eventsPerBar(eventTypes: readonly number[], bars: number): number | null {
  const first = eventTypes.indexOf(ACTIVITY_SCHEDULED);
  const last = eventTypes.lastIndexOf(ACTIVITY_SCHEDULED);
  return bars === 0 || first === last ? null : (last - first) / bars;
}

/** The same for a session that runs, within its first history. `null` where bars came faster than its history could be read. */
export async function sessionEvents(client: Client, database: pg.Pool, id: string): Promise<number | null> {
  for (let k = 0; k < TRIES; k++) {
    const before = await barsOf(database, id);
    const types = await eventTypesOf(client, `session/${id}`);
    if ((await barsOf(database, id)) === before) return eventsPerBar(types, before);
  }
  return null;
}

async function barsOf(database: pg.Pool, id: string): Promise<number> {
  const { rows } = await database.query<{ bars: number }>('select bars from sessions where id = $1', [id]);
  return rows[0]?.bars ?? 0;
}

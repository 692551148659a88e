import type { Connection } from './database.ts';
import { only } from './rows.ts';

/** Number of an execution's latest amendment, 0 before the first. */
export async function latestAmendment(connection: Connection, executionId: string): Promise<number> {
  const { rows } = await connection.query<{ number: number }>(
    'select coalesce(max(number), 0)::integer as number from amendments where execution_id = $1',
    [executionId],
  );
  return only(rows).number;
}

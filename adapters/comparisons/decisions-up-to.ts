import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Decision } from '../../domain/session/decision.ts';
import type { Database } from '../storage/database.ts';

const PAGE = 5_000;

/**
 * What a session decided up to a bar, oldest first. Pages go on behind the bar and symbol of the one before, so that decisions that are made meanwhile
 * neither come along nor move one.
 *
 * @param page most rows of one question
 */
export async function decisionsUpTo(
  database: Database,
  sessionId: string,
  lastBar: EpochMs,
  page: number = PAGE,
): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  let bar = new Date(0);
  let symbol = '';
  for (;;) {
    const { rows } = await database.query<{ bar: Date; symbol: string; decision: Decision }>(
      `select bar, symbol, decision from session_decisions
       where session_id = $1 and bar <= $2 and (bar, symbol) > ($3, $4) order by bar, symbol limit $5`,
      [sessionId, new Date(lastBar), bar, symbol, page],
    );
    decisions.push(...rows.map(({ decision }) => decision));
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return decisions;
    ({ bar, symbol } = last);
  }
}

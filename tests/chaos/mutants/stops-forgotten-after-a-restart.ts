/**
 * A trading worker that is wrong: of sessions that were there before it, it writes down no stop, as if what a position needs were known only to the
 * process that opened it. Everything else of them goes on.
 */
import { built } from './built.ts';
import { meddleWithQueries, type Run } from './queries.ts';

const startedAt = performance.timeOrigin;
const NOTHING = { rowCount: 1, rows: [] };

async function isOlder(sessionId: string, run: Run): Promise<boolean> {
  const { rows } = await run('select created_at from sessions where id = $1', [sessionId]);
  const created = rows[0]?.['created_at'];
  return created instanceof Date && created.getTime() < startedAt;
}

meddleWithQueries((text, values, run) => {
  const unlessForgotten = async (sessionId: string) => ((await isOlder(sessionId, run)) ? NOTHING : run(text, values));
  if (text.startsWith('insert into executions')) {
    const [, , owner, plan] = values as string[];
    const { params } = JSON.parse(plan!) as { params: { kind?: string } };
    if (params.kind === 'stop' && owner!.startsWith('session/'))
      return unlessForgotten(owner!.slice('session/'.length));
  }
  if (text.startsWith('insert into session_orders')) {
    const [sessionId, , , , wanted] = values as string[];
    if ((JSON.parse(wanted!) as { kind: string }).kind === 'stop') return unlessForgotten(sessionId!);
  }
  return null;
});
await built('workers/trading.js');

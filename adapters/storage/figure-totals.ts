import type { LatenessFigures, PlatformFigures } from '../ports/platform-figures.ts';
import { type Database, inTransaction } from './database.ts';

/** Seconds. A slice leaves within some 0.1 s of its time; one of a minute waited for a process. */
const LATENESS_BOUNDS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;
const BATCH = 50_000;
/** One adds up at a time; others have nothing to do. Any number that is used nowhere else. */
const FOLD_LOCK = 7_402_116;

interface Total {
  readonly figure: 'execution' | 'order' | 'denial' | 'lateness' | 'bar' | 'latency';
  readonly label: string;
  readonly venue: string;
  readonly count: number;
  readonly seconds: number;
}

/** A step under the label of the total that it belongs to; $1 are the bounds. */
const LABELLED = `case when figure in ('lateness', 'latency')
  then coalesce((select min(bound) from unnest($1::double precision[]) as bound where seconds <= bound), 'Infinity')::text
  else label end`;

/** Adds the steps up that are there, so that reading them stays short. */
export async function foldFigures(database: Database): Promise<void> {
  for (let taken = BATCH; taken === BATCH;) taken = await foldBatch(database);
}

function foldBatch(database: Database): Promise<number> {
  return inTransaction(database, async (connection) => {
    const { rows } = await connection.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1) as free', [
      FOLD_LOCK,
    ]);
    if (rows[0]?.free !== true) return 0;
    const folded = await connection.query<{ taken: number }>(
      `with taken as (delete from figure_steps where ctid = any (array(select ctid from figure_steps limit $2)) returning *),
            labelled as (select figure, ${LABELLED} as label, venue, count, seconds from taken),
            added as (
              insert into figure_totals as t (figure, label, venue, count, seconds)
              select figure, label, venue, sum(count), sum(seconds) from labelled group by figure, label, venue
              on conflict (figure, label, venue)
                do update set count = t.count + excluded.count, seconds = t.seconds + excluded.seconds)
       select count(*) as taken from taken`,
      [LATENESS_BOUNDS_S, BATCH],
    );
    return folded.rows[0]?.taken ?? 0;
  });
}

/** Executions, orders, denials, lateness and decisions, from the totals and the steps since: one statement, so that nothing is in both or in neither. */
export async function readTotals(
  database: Database,
): Promise<
  Pick<PlatformFigures, 'executions' | 'orders' | 'denials' | 'lateness' | 'barsDecided' | 'decisionLatency'>
> {
  const { rows } = await database.query<Total>(
    `select figure, label, venue, sum(count)::bigint as count, sum(seconds) as seconds from (
       select figure, label, venue, count, seconds from figure_totals
       union all
       select figure, ${LABELLED}, venue, count, seconds from figure_steps
       union all
       select 'order', state, venue, count(*), 0 from intents where state in ('sending', 'working') group by state, venue
     ) every group by figure, label, venue having sum(count) <> 0 order by figure, venue, label`,
    [LATENESS_BOUNDS_S],
  );
  const of = (figure: Total['figure']): readonly Total[] => rows.filter((row) => row.figure === figure);
  return {
    executions: of('execution').map(({ label, count }) => ({ status: label, count })),
    orders: of('order').map(({ label, venue, count }) => ({ venue, outcome: label, count })),
    denials: of('denial').map(({ label, count }) => ({ code: label, count })),
    lateness: latenessOf(of('lateness')),
    barsDecided: of('bar').reduce((sum, { count }) => sum + count, 0),
    decisionLatency: latenessOf(of('latency')),
  };
}

function latenessOf(totals: readonly Total[]): LatenessFigures {
  const countOf = (some: readonly Total[]): number => some.reduce((sum, { count }) => sum + count, 0);
  return {
    bounds: LATENESS_BOUNDS_S,
    counts: LATENESS_BOUNDS_S.map((bound) => countOf(totals.filter(({ label }) => Number(label) <= bound))),
    count: countOf(totals),
    sum: totals.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

import type { FiguresReader, LatenessFigures, PlatformFigures } from '../ports/platform-figures.ts';
import type { Database } from './database.ts';
import { only } from './rows.ts';
import { createStreamHealthStore } from './stream-health.ts';
import { createVenueDirectory } from './venue-directory.ts';

/** Seconds. A slice leaves within some 0.1 s of its time; one of a minute waited for a process. */
const LATENESS_BOUNDS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;

/** The platform's figures in Postgres. */
export function createFiguresReader(database: Database): FiguresReader {
  const venues = createVenueDirectory(database);
  const streams = createStreamHealthStore(database);
  return { readFigures: () => readFigures(database, venues, streams) };
}

/** One after another on purpose: figures must not take every connection from those who trade. */
async function readFigures(
  database: Database,
  venues: ReturnType<typeof createVenueDirectory>,
  streams: ReturnType<typeof createStreamHealthStore>,
): Promise<PlatformFigures> {
  const executions = await database.query<{ status: string; count: number }>(
    'select status, count(*) from executions group by status order by status',
  );
  const orders = await database.query<{ venue: string; outcome: string; count: number }>(
    'select venue, state as outcome, count(*) from intents group by venue, state order by venue, state',
  );
  const denials = await database.query<{ code: string; count: number }>(
    `select coalesce(reason, 'UNKNOWN') as code, count(*) from decisions where action = 'deny' group by 1 order by 1`,
  );
  const halts = await database.query<{ count: number }>('select count(*) from halts where lifted_at is null');
  const last = await database.query<{ id: number }>('select coalesce(max(id), 0) as id from outbox');
  return {
    executions: executions.rows,
    orders: orders.rows,
    denials: denials.rows,
    lateness: await readLateness(database),
    haltsInForce: only(halts.rows).count,
    lastEventId: only(last.rows).id,
    venues: (await venues.listVenues()).map(({ profile, health, healthAgeMs, owner }) => ({
      id: profile.id,
      up: health?.status === 'up',
      usedWeight: health?.usedWeight ?? null,
      weightLimit: health?.weightLimit ?? null,
      healthAgeMs,
      ownerEpoch: owner?.epoch ?? null,
      owned: owner?.held ?? false,
    })),
    streams: await readStreams(database, streams),
  };
}

/** By the first order of each slice. */
async function readLateness(database: Database): Promise<LatenessFigures> {
  const { rows } = await database.query<{ counts: readonly number[]; count: number; sum: number }>(
    `with first as (
       select greatest(0, extract(epoch from min(i.sent_at - d.due_at)))::double precision as late
       from intents i join decisions d on d.execution_id = i.execution_id and d.child = i.child and d.attempt = i.attempt
       group by d.execution_id, d.slice)
     select (select array_agg((select count(*)::integer from first where late <= bound) order by bound)
             from unnest($1::double precision[]) as bound) as counts,
            count(*), coalesce(sum(late), 0) as sum from first`,
    [LATENESS_BOUNDS_S],
  );
  const { counts, count, sum } = only(rows);
  return { bounds: LATENESS_BOUNDS_S, counts, count, sum };
}

async function readStreams(
  database: Database,
  streams: ReturnType<typeof createStreamHealthStore>,
): Promise<PlatformFigures['streams']> {
  const all = await streams.list();
  const { rows } = await database.query<{ now: Date }>('select now() as now');
  const now = only(rows).now.getTime();
  return all.map((stream) => ({
    ...stream,
    silentMs: stream.receivedAt === null ? null : Math.max(0, now - stream.receivedAt),
  }));
}

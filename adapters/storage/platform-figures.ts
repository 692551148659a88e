import type { FiguresReader, PlatformFigures } from '../ports/platform-figures.ts';
import type { Database } from './database.ts';
import { readTotals } from './figure-totals.ts';
import { only } from './rows.ts';
import { createStreamHealthStore } from './stream-health.ts';
import { createVenueDirectory } from './venue-directory.ts';

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
  const totals = await readTotals(database);
  const halts = await database.query<{ count: number }>('select count(*) from halts where lifted_at is null');
  const sessions = await database.query<{ status: string; count: number }>(
    'select status, count(*) from sessions group by status order by status',
  );
  const last = await database.query<{ id: number }>('select coalesce(max(id), 0) as id from outbox');
  return {
    ...totals,
    sessions: sessions.rows,
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

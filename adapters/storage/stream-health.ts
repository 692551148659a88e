import type {
  StreamHealth,
  StreamHealthEntry,
  StreamHealthStore,
  StreamKind,
  StreamSessions,
  StreamState,
} from '../ports/stream-health.ts';
import type { Database } from './database.ts';
import { appendEvent } from './outbox.ts';
import { epochMsOrNull, only } from './rows.ts';
import { inStreamSession } from './stream-session.ts';

interface HealthRow {
  venue: string;
  kind: StreamKind;
  symbol: string;
  timeframe: string;
  status: StreamState;
  exchange_at: Date | null;
  received_at: Date | null;
  messages: number;
  gaps: number;
  reconnects: number;
  stale: number;
  last_error: string | null;
  age_ms: string;
}

function entryOf(row: HealthRow): StreamHealthEntry {
  return {
    venue: row.venue,
    kind: row.kind,
    symbol: row.symbol === '' ? null : row.symbol,
    timeframe: row.timeframe === '' ? null : row.timeframe,
    status: row.status,
    exchangeAt: epochMsOrNull(row.exchange_at),
    receivedAt: epochMsOrNull(row.received_at),
    messages: row.messages,
    gaps: row.gaps,
    reconnects: row.reconnects,
    stale: row.stale,
    lastError: row.last_error,
    ageMs: Math.max(0, Math.round(Number(row.age_ms))),
  };
}

/** How the streams stand, in Postgres, and who keeps them. */
export function createStreamHealthStore(database: Database): StreamHealthStore & StreamSessions {
  return {
    begin: async (venue) => {
      const { rows } = await database.query<{ session: number }>(
        `insert into stream_sessions (venue, session) values ($1, 1)
         on conflict (venue) do update set session = stream_sessions.session + 1, started_at = now()
         returning session`,
        [venue],
      );
      return only(rows).session;
    },
    accountConnected: (venue, session, connection) =>
      inStreamSession(database, venue, session, (client) =>
        appendEvent(client, 'account.connected', venue, { session, connection }),
      ),
    save: (venue, session, streams) => save(database, venue, session, streams),
    list: async () => {
      const { rows } = await database.query<HealthRow>(
        `select *, extract(epoch from now() - updated_at) * 1000 as age_ms
         from stream_health order by venue, symbol, kind, timeframe`,
      );
      return rows.map(entryOf);
    },
  };
}

async function save(
  database: Database,
  venue: string,
  session: number,
  streams: readonly StreamHealth[],
): Promise<void> {
  const at = (value: number | null): Date | null => (value === null ? null : new Date(value));
  await inStreamSession(database, venue, session, async (connection) => {
    // One statement for all streams of the venue: it is written every second.
    await connection.query(
      `insert into stream_health
         (venue, kind, symbol, timeframe, status, exchange_at, received_at, messages, gaps, reconnects, stale, last_error)
       select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
         $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[])
       on conflict (venue, kind, symbol, timeframe) do update set
         status = excluded.status, exchange_at = excluded.exchange_at, received_at = excluded.received_at,
         messages = excluded.messages, gaps = excluded.gaps, reconnects = excluded.reconnects, stale = excluded.stale,
         last_error = excluded.last_error, updated_at = now()`,
      [
        venue,
        streams.map(({ kind }) => kind),
        streams.map(({ symbol }) => symbol ?? ''),
        streams.map(({ timeframe }) => timeframe ?? ''),
        streams.map(({ status }) => status),
        streams.map(({ exchangeAt }) => at(exchangeAt)),
        streams.map(({ receivedAt }) => at(receivedAt)),
        streams.map(({ messages }) => messages),
        streams.map(({ gaps }) => gaps),
        streams.map(({ reconnects }) => reconnects),
        streams.map(({ stale }) => stale),
        streams.map(({ lastError }) => lastError),
      ],
    );
    await connection.query(
      `delete from stream_health h where venue = $1 and not exists (
         select from unnest($2::text[], $3::text[], $4::text[]) as kept (kind, symbol, timeframe)
         where kept.kind = h.kind and kept.symbol = h.symbol and kept.timeframe = h.timeframe)`,
      [
        venue,
        streams.map(({ kind }) => kind),
        streams.map(({ symbol }) => symbol ?? ''),
        streams.map(({ timeframe }) => timeframe ?? ''),
      ],
    );
  });
}

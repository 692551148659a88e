import type { Decision } from '../../domain/session/decision.ts';
import type { Trade } from '../../domain/backtest/trade.ts';
import type { PageOf } from '../ports/reconciliation-store.ts';
import type { RunningCandle } from '../ports/running-candles.ts';
import type { OrderedPage, SessionEntry, SessionFilter, SessionPage, SessionReader } from '../ports/session-reader.ts';
import type { Database } from './database.ts';
import { pageOf } from './pages.ts';
import { epochMs } from './rows.ts';
import { readFunds } from './session-funds.ts';
import { listSessionOrders } from './session-orders.ts';
import { entryOf, type JournalRow, sessionOf, type SessionRow } from './session-rows.ts';
import { readStops } from './session-stops.ts';

interface EntryRow extends SessionRow {
  open_orders: number;
  fills_taken: number;
  candle_seen: RunningCandle | null;
}

const SELECT_ENTRIES = `
  select s.*, o.open_orders, o.fills_taken
  from sessions s
  cross join lateral (
    select count(*) filter (where state <> 'ended')::integer as open_orders, coalesce(sum(fills), 0)::integer as fills_taken
    from session_orders where session_id = s.id) o`;

/** Sessions in Postgres, as they are read. */
export function createSessionReader(database: Database): SessionReader {
  return {
    listSessions: (filter) => listSessions(database, filter),
    findSession: async (id) => {
      const { rows } = await database.query<EntryRow>(`${SELECT_ENTRIES} where s.id = $1`, [id]);
      return rows[0] === undefined ? null : toEntry(rows[0]);
    },
    openSessions: async (venue) => {
      const { rows } = await database.query<EntryRow>(
        `${SELECT_ENTRIES} where s.venue = $1 and s.status not in ('stopped', 'failed') order by s.sequence`,
        [venue],
      );
      return rows.map(toEntry);
    },
    funds: (venue, quote, exceptFor) => readFunds(database, { venue, quote, exceptFor }),
    stops: (venue, symbols) => readStops(database, venue, symbols),
    decisions: async (id, { withSignals, limit, cursor }) => {
      const { rows } = await database.query<{ decision: Decision; decided_at: Date }>(
        `select decision, decided_at from session_decisions
         where session_id = $1 and (not $2 or signals > 0) order by bar desc, symbol limit $3 offset $4`,
        [id, withSignals, limit + 1, offsetOf(cursor)],
      );
      const items = rows.map(({ decision, decided_at }) => ({ decision, decidedAt: epochMs(decided_at) }));
      return pageByOffset(items, limit, cursor);
    },
    trades: async (id, { limit, cursor, newestFirst }) => {
      const { after, direction } = orderOf(newestFirst);
      const { rows } = await database.query<{
        number: number;
        trade: Trade;
        entry_order: number | null;
        exit_order: number | null;
      }>(
        `select number, trade, entry_order, exit_order from session_trades
         where session_id = $1 and ($2::bigint is null or number ${after} $2::bigint) order by number ${direction} limit $3`,
        [id, cursor ?? null, limit + 1],
      );
      const items = rows.map((row) => ({
        number: row.number,
        trade: row.trade,
        entryOrder: row.entry_order,
        exitOrder: row.exit_order,
      }));
      return pageByNumber(items, limit, ({ number }) => number);
    },
    equity: async (id, { limit, cursor, newestFirst }) => {
      const { after, direction } = orderOf(newestFirst);
      const { rows } = await database.query<{ bar: Date; equity: number; cash: number }>(
        `select bar, equity, cash from session_equity
         where session_id = $1 and ($2::bigint is null or bar ${after} to_timestamp($2::bigint / 1000.0))
         order by bar ${direction} limit $3`,
        [id, cursor ?? null, limit + 1],
      );
      const items = rows.map(({ bar, equity, cash }) => ({ bar: epochMs(bar), equity, cash }));
      return pageByNumber(items, limit, ({ bar }) => bar);
    },
    orders: (id, page) => listSessionOrders(database, id, page),
    journal: async (id, { limit, cursor, newestFirst }) => {
      const { after, direction } = orderOf(newestFirst);
      const { rows } = await database.query<JournalRow & { recorded_at: Date }>(
        `select seq, after, event, recorded_at from session_journal
         where session_id = $1 and ($2::bigint is null or seq ${after} $2::bigint) order by seq ${direction} limit $3`,
        [id, cursor ?? null, limit + 1],
      );
      const items = rows.map((row) => ({ ...entryOf(row), recordedAt: epochMs(row.recorded_at) }));
      return pageByNumber(items, limit, ({ seq }) => seq);
    },
  };
}

function toEntry(row: EntryRow): SessionEntry {
  return {
    record: sessionOf(row),
    books: row.books,
    watched: row.watched,
    openOrders: row.open_orders,
    fillsTaken: row.fills_taken,
    candleSeen: row.candle_seen,
  };
}

async function listSessions(
  database: Database,
  { status, venue, limit, cursor }: SessionFilter,
): Promise<PageOf<SessionEntry>> {
  const { rows } = await database.query<EntryRow>(
    `${SELECT_ENTRIES}
     where ($1::text is null or s.status = $1) and ($2::text is null or s.venue = $2)
       and ($3::bigint is null or s.sequence < $3)
     order by s.sequence desc limit $4`,
    [status ?? null, venue ?? null, cursor ?? null, limit + 1],
  );
  return pageOf(rows, limit, toEntry);
}

/** What follows on a cursor, and how it is sorted, as they stand in a query. */
function orderOf(newestFirst: OrderedPage['newestFirst']) {
  return newestFirst === true
    ? ({ after: '<', direction: 'desc' } as const)
    : ({ after: '>', direction: 'asc' } as const);
}

const offsetOf = (cursor: SessionPage['cursor']): number => (cursor === undefined ? 0 : Number(cursor));

/** The cursor is how many items came before: of a list that only grows at its other end an item may be shown twice, none is left out. */
function pageByOffset<T>(rows: readonly T[], limit: number, cursor: string | undefined): PageOf<T> {
  return { items: rows.slice(0, limit), next: rows.length > limit ? String(offsetOf(cursor) + limit) : null };
}

/** The cursor is the number of the last item that was shown. */
function pageByNumber<T>(rows: readonly T[], limit: number, numberOf: (item: T) => number): PageOf<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? String(numberOf(last)) : null };
}

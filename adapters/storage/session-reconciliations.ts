import Big from 'big.js';
import { sumOf, toText } from '../../domain/market/decimal.ts';
import type { Amounts } from '../../domain/portfolio/account-trade.ts';
import type { AccountMoves } from '../../domain/session/reconcile/account-moves.ts';
import type { SessionHoldings, SessionsReconciliation } from '../../domain/session/reconcile/reconcile-sessions.ts';
import type { Balance } from '../ports/venue.ts';
import type { RaisedDifferences, SessionReconciliations } from '../ports/session-reconciliations.ts';
import type { SessionBooks } from '../ports/session-store.ts';
import type { Database } from './database.ts';
import { accountTradeOf, type TradeRow } from './reconciliation-rows.ts';
import { epochMs, epochMsOrNull, exact, exactOrNull } from './rows.ts';

/** Books are reckoned in binary fractions: beyond these digits there is nothing in them. */
const DIGITS = 12;

interface HoldingsRow {
  id: string;
  quote: string;
  capital: string;
  base: Readonly<Record<string, string>>;
  books: SessionBooks | null;
  settled: boolean;
  fills: number;
  changed_at: Date | null;
}

/** What sessions hold against what accounts hold, in Postgres. */
export function createSessionReconciliations(database: Database): SessionReconciliations {
  return {
    question: async (venue) => {
      const facts = await database.query<{ balances: readonly Balance[]; at: Date }>(
        'select balances, at from account_facts where venue = $1',
        [venue],
      );
      const known = facts.rows[0];
      if (known === undefined) return null;
      const { sessions, since } = await readHoldings(database, venue);
      return {
        sessions,
        balances: Object.fromEntries(known.balances.map(({ asset, free, locked }) => [asset, sumOf([free, locked])])),
        balancesAt: epochMs(known.at),
        moves: await readMoves(database, venue, since),
      };
    },
    last: async (venue) => {
      const { rows } = await database.query<{
        result: SessionsReconciliation;
        raised: RaisedDifferences;
        balances_at: Date;
      }>('select result, raised, balances_at from session_reconciliations where venue = $1', [venue]);
      const row = rows[0];
      return row === undefined
        ? null
        : { result: row.result, raised: row.raised, balancesAt: epochMs(row.balances_at) };
    },
    save: async (venue, { result, raised, balancesAt }) => {
      await database.query(
        `insert into session_reconciliations (venue, result, raised, balances_at) values ($1, $2, $3, $4)
         on conflict (venue) do update set result = $2, raised = $3, balances_at = $4, at = now()`,
        [venue, JSON.stringify(result), JSON.stringify(raised), new Date(balancesAt)],
      );
    },
  };
}

/** Sessions that have not ended, and since when the first of them runs. What an ended one has left at the venue is nobody's to trade, and is asked for no more. */
async function readHoldings(
  database: Database,
  venue: string,
): Promise<{ readonly sessions: readonly SessionHoldings[]; readonly since: Date | null }> {
  const { rows } = await database.query<HoldingsRow & { created_at: Date }>(
    `select s.id, s.quote, s.spec->>'capital' as capital, s.base, s.books, s.settled, s.created_at, o.fills, j.changed_at
     from sessions s
     cross join lateral (select coalesce(sum(fills), 0)::integer as fills from session_orders where session_id = s.id) o
     cross join lateral (
       select max(recorded_at) as changed_at from session_journal
       where session_id = s.id and event->>'kind' in ('execution', 'adjusted')) j
     where s.venue = $1 and s.status not in ('stopped', 'failed') order by s.sequence`,
    [venue],
  );
  return { sessions: rows.map(holdingsOf), since: rows[0]?.created_at ?? null };
}

function holdingsOf(row: HoldingsRow): SessionHoldings {
  const { books } = row;
  const positions = new Map<string, Big>();
  const add = (symbol: string, units: Big): void => {
    const asset = row.base[symbol];
    if (asset !== undefined) positions.set(asset, (positions.get(asset) ?? new Big(0)).plus(units));
  };
  for (const { symbol, units } of books?.positions ?? []) add(symbol, new Big(units));
  return {
    sessionId: row.id,
    positions: Object.fromEntries([...positions].map(([asset, units]) => [asset, rounded(units)])),
    quote: row.quote,
    cash: books === null ? exact(row.capital) : rounded(new Big(Math.max(0, books.cash))),
    trades: row.fills,
    settled: row.settled,
    changedAt: epochMsOrNull(row.changed_at),
  };
}

/** Down, so that a session is never thought to hold more than it does. */
const rounded = (amount: Big): string => toText(amount.round(DIGITS, Big.roundDown));

async function readMoves(database: Database, venue: string, since: Date | null): Promise<AccountMoves> {
  if (since === null) return { foreignTrades: [], unexplained: [], foreignOrders: [] };
  const trades = await database.query<TradeRow>(
    `select t.* from foreign_trades t where t.venue = $1 and t.traded_at >= $2
       and not exists (select from fills f where f.venue = t.venue and f.symbol = t.symbol and f.trade_id = t.trade_id
                       and f.venue_order_id = t.venue_order_id)
     order by t.traded_at`,
    [venue, since],
  );
  const changes = await database.query<{ differences: Amounts; ended_at: Date }>(
    `select differences, ended_at from reconciliations where venue = $1 and ended_at >= $2 and differences <> '{}' order by sequence`,
    [venue, since],
  );
  const orders = await database.query<{
    symbol: string;
    venue_order_id: string;
    side: 'buy' | 'sell';
    price: string | null;
    quantity: string;
    filled: string;
  }>('select * from foreign_orders where venue = $1 and closed_at is null', [venue]);
  return {
    foreignTrades: trades.rows.map(accountTradeOf),
    unexplained: changes.rows.map(({ differences, ended_at }) => ({ amounts: differences, at: epochMs(ended_at) })),
    foreignOrders: orders.rows.map((row) => ({
      symbol: row.symbol,
      orderId: row.venue_order_id,
      side: row.side,
      price: exactOrNull(row.price),
      quantity: exact(row.quantity),
      filled: exact(row.filled),
    })),
  };
}

import type { Decimal, DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Halt, RecentOrders } from '../../domain/risk/gate-input.ts';
import type { GateFacts } from '../ports/order-ledger.ts';
import type { Connection } from './database.ts';
import { epochMs, exact, only } from './rows.ts';

const TEN_SECONDS_MS = 10_000;
const MINUTE_MS = 60_000;

/**
 * Reads what the gate needs to know about one account.
 *
 * @param now the clock that `sent_at` was written by
 * @param balancesAgeMs how long ago the balances were asked for
 */
export async function readGateFacts(
  connection: Connection,
  venue: string,
  now: EpochMs,
  balancesAgeMs: DurationMs,
): Promise<GateFacts> {
  const halts = await connection.query<Omit<Halt, 'setAt'> & { set_at: Date }>(
    'select id, scope, target, reason, set_at from halts where lifted_at is null',
  );
  // An order that has ended since the balances were asked for may have taken what they show as free. Both ages are by the database's clock,
  // whose now() is the beginning of a transaction: never later than the end it tells of, nor later than this moment.
  const reserved = await connection.query<{ asset: string; amount: string }>(
    `select reserve_asset as asset, sum(reserve_amount) as amount
     from (select reserve_asset, reserve_amount from intents where venue = $1 and state in ('sending', 'working')
           union all
           select reserve_asset, reserve_amount from intents
           where venue = $1 and state not in ('sending', 'working') and ended_at >= now() - $2 * interval '1 millisecond') held
     group by reserve_asset`,
    [venue, Math.ceil(balancesAgeMs)],
  );
  const use = await readAccountUse(connection, venue, now);
  return {
    halts: halts.rows.map(({ set_at, ...halt }) => ({ ...halt, setAt: epochMs(set_at) })),
    reserved: Object.fromEntries(reserved.rows.map((row) => [row.asset, exact(row.amount)])),
    ...use,
  };
}

/** How much of its limits an account uses: what its unsettled orders may still trade, and how many orders it wrote down lately. */
export async function readAccountUse(
  connection: Connection,
  venue: string,
  now: EpochMs,
): Promise<{ readonly openNotional: Record<string, Decimal>; readonly recentOrders: RecentOrders }> {
  const open = await connection.query<{ quote: string; amount: string }>(
    `select e.quote, sum(i.price * greatest(0, i.quantity - coalesce(
              (select sum(f.quantity) from fills f where f.client_order_id = i.client_order_id), 0))) as amount
     from intents i join executions e on e.id = i.execution_id
     where i.venue = $1 and i.state in ('sending', 'working') group by e.quote`,
    [venue],
  );
  // Orders of another owner whose clock is ahead lie in the future and count: in doubt there were more.
  const recent = await connection.query<RecentOrders>(
    `select count(*) filter (where sent_at > $2) as "last10s", count(*) as "lastMinute"
     from intents where venue = $1 and sent_at > $3`,
    [venue, new Date(now - TEN_SECONDS_MS), new Date(now - MINUTE_MS)],
  );
  return {
    openNotional: Object.fromEntries(open.rows.map((row) => [row.quote, exact(row.amount)])),
    recentOrders: only(recent.rows),
  };
}

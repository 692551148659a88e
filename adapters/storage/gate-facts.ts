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
  const held = await readReserves(connection, venue, balancesAgeMs);
  const use = await readAccountUse(connection, venue, now);
  return {
    halts: halts.rows.map(({ set_at, ...halt }) => ({ ...halt, setAt: epochMs(set_at) })),
    ...held,
    ...use,
  };
}

/**
 * What intents hold back, in two parts: of those that the venue had acknowledged when the balances were asked for, what may still trade, which the
 * balances should show as locked; and the whole of all others. One that has ended since may have taken what the balances show as free. All ages are
 * by the database's clock, whose now() is the beginning of a transaction: never earlier than the acknowledgement that it writes down, never later
 * than the end that it tells of, nor later than this moment.
 */
async function readReserves(
  connection: Connection,
  venue: string,
  balancesAgeMs: DurationMs,
): Promise<Pick<GateFacts, 'reserved' | 'resting'>> {
  const { rows } = await connection.query<{ asset: string; reserved: string; resting: string }>(
    `select reserve_asset as asset,
            coalesce(sum(reserve_amount) filter (where not rests), 0) as reserved,
            round(coalesce(sum(reserve_amount * greatest(0, 1 - filled / quantity)) filter (where rests), 0), 18) as resting
     from (select reserve_asset, reserve_amount, quantity,
                  coalesce(state = 'working' and acknowledged_at < now() - $2 * interval '1 millisecond', false) as rests,
                  coalesce((select sum(f.quantity) from fills f where f.client_order_id = intents.client_order_id), 0) as filled
           from intents where venue = $1 and state in ('sending', 'working')
           union all
           select reserve_asset, reserve_amount, quantity, false, 0 from intents
           where venue = $1 and state not in ('sending', 'working') and ended_at >= now() - $2 * interval '1 millisecond') held
     group by reserve_asset`,
    [venue, Math.ceil(balancesAgeMs)],
  );
  return {
    reserved: Object.fromEntries(rows.map((row) => [row.asset, exact(row.reserved)])),
    resting: Object.fromEntries(rows.map((row) => [row.asset, exact(row.resting)])),
  };
}

/**
 * How much of its limits an account uses: what its unsettled orders may still trade, and how many orders it wrote down lately. Sells of trading sessions
 * are not among the first: what stops offer is what had been bought within the limit, and must not keep others from being bought or protected.
 */
export async function readAccountUse(
  connection: Connection,
  venue: string,
  now: EpochMs,
): Promise<{ readonly openNotional: Record<string, Decimal>; readonly recentOrders: RecentOrders }> {
  const open = await connection.query<{ quote: string; amount: string }>(
    `select e.quote, sum(i.price * greatest(0, i.quantity - coalesce(
              (select sum(f.quantity) from fills f where f.client_order_id = i.client_order_id), 0))) as amount
     from intents i join executions e on e.id = i.execution_id
     where i.venue = $1 and i.state in ('sending', 'working')
       and (i.side = 'buy' or not exists (select from session_orders o where o.execution_id = i.execution_id))
     group by e.quote`,
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

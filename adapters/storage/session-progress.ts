import { type ExecutionStatus, isFinal, type Problem } from '../../domain/execution/commands.ts';
import type { Decimal } from '../../domain/market/decimal.ts';
import type { OrderProgress } from '../../domain/session/take-in.ts';
import type { Database } from './database.ts';
import { exact } from './rows.ts';

interface ProgressRow {
  id: string;
  base: string;
  quote: string;
  status: ExecutionStatus;
  problem: Problem | null;
  filled: string;
  notional: string;
  fills: number;
  all_maker: boolean;
  /** Numbers as text, by asset. */
  fees: Readonly<Record<string, string>>;
  at_venue: boolean;
}

/** How executions stand: sums over their stored trades, never a counter. In the order of their ids. */
export async function readProgress(
  database: Database,
  executionIds: readonly string[],
): Promise<readonly OrderProgress[]> {
  if (executionIds.length === 0) return [];
  const { rows } = await database.query<ProgressRow>(
    `select e.id, e.base, e.quote, e.status, e.problem, t.*, p.fees, a.at_venue
     from executions e
     cross join lateral (
       select coalesce(sum(f.quantity), 0) as filled, coalesce(sum(f.quantity * f.price), 0) as notional,
              count(*)::integer as fills, coalesce(bool_and(f.maker), false) as all_maker
       from intents i join fills f using (client_order_id) where i.execution_id = e.id
     ) t
     cross join lateral (
       select coalesce(jsonb_object_agg(b.fee_asset, b.fee), '{}') as fees
       from (select f.fee_asset, sum(f.fee)::text as fee
             from intents i join fills f using (client_order_id) where i.execution_id = e.id group by f.fee_asset) b
     ) p
     cross join lateral (
       select exists (select from intents i where i.execution_id = e.id
                      and i.state not in ('sending', 'not-placed', 'refused')) as at_venue
     ) a
     where e.id = any($1) order by e.id`,
    [executionIds],
  );
  return rows.map(progressOf);
}

function progressOf(row: ProgressRow): OrderProgress {
  const { [row.base]: feeBase = '0', [row.quote]: feeQuote = '0', ...others } = row.fees;
  return {
    executionId: row.id,
    filled: exact(row.filled),
    notional: exact(row.notional),
    feeBase: exact(feeBase),
    feeQuote: exact(feeQuote),
    otherFees: Object.fromEntries(
      Object.entries(others)
        .map(([asset, fee]): [string, Decimal] => [asset, exact(fee)])
        .filter(([, fee]) => fee !== '0'),
    ),
    fills: row.fills,
    allMaker: row.all_maker,
    atVenue: row.at_venue,
    final: isFinal(row.status) ? { status: row.status, problem: row.problem } : null,
  };
}

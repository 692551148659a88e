import type { ExecutionRecord, ExecutionStore, PricePoint } from '../../adapters/ports/execution-store.ts';
import type { VenueDirectory } from '../../adapters/ports/order-ledger.ts';
import { isFinal } from '../../domain/execution/commands.ts';
import { noMarketBenchmarks } from '../../domain/execution/costs/market-benchmarks.ts';
import {
  buildReport,
  type ExecutionReport,
  type MidAt,
  type ReportVenue,
} from '../../domain/execution/costs/report.ts';
import { difference } from '../../domain/market/decimal.ts';
import { courseOfRecord, sliceRecords } from './slice-records.ts';

const midAt = (point: PricePoint | null): MidAt | null => (point === null ? null : { mid: point.price, at: point.at });

async function venueOf(venues: Pick<VenueDirectory, 'listVenues'>, id: string): Promise<ReportVenue> {
  const profile = (await venues.listVenues()).find((entry) => entry.profile.id === id)?.profile;
  return {
    id,
    label: profile?.label ?? 'unknown',
    assumptions: (profile?.assumptions ?? null) as ReportVenue['assumptions'],
  };
}

/** The cost report of an execution, from stored records alone. */
export async function reportOf(
  record: ExecutionRecord,
  executions: Pick<ExecutionStore, 'decisionsOf' | 'ordersOf' | 'fillsOf'>,
  venues: Pick<VenueDirectory, 'listVenues'>,
): Promise<ExecutionReport> {
  const [decisions, orders, fills, venue] = await Promise.all([
    executions.decisionsOf(record.id),
    executions.ordersOf(record.id),
    executions.fillsOf(record.id),
    venueOf(venues, record.plan.venue),
  ]);
  const { plan, schedule } = courseOfRecord(record);
  const scheduled = schedule.target(plan, schedule.sliceCount(plan));
  return buildReport({
    id: record.id,
    status: record.status,
    symbol: record.plan.symbol,
    base: record.base,
    quote: record.quote,
    side: record.plan.side,
    ordered: plan.quantity,
    // A completed execution leaves only what nothing could trade: no whole lot, or below the venue's minimum.
    dust: difference(plan.quantity, record.status === 'completed' ? record.filled : scheduled),
    venue,
    decision: midAt(record.decision),
    arrival: midAt(record.arrival),
    end: midAt(record.end),
    fills,
    slices: sliceRecords(record, decisions, orders),
    market:
      record.market ??
      noMarketBenchmarks(
        isFinal(record.status) ? 'the market has not been measured yet' : 'the execution has not ended',
      ),
  });
}

import { createHash } from 'node:crypto';
import { isFinal } from '../../domain/execution/commands.ts';
import type { ExecutionReport } from '../../domain/execution/costs/report.ts';
import {
  mostChildren,
  type Verification,
  verifyExecution,
  type VerifyInput,
} from '../../domain/execution/verification/verify.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import { callAdmin, venueOf } from '../stack/venue-admin.ts';
import type { StackRecord } from '../stack/stack-record.ts';
import type { ApiClient } from './client.ts';
import type { FillView } from './execution-view.ts';

export type VenueLedger = VerifyInput['ledger'];

/** Holds an execution against the ledger of its venue, which is read for it. Throws when either side cannot be asked. */
export async function verifyAtVenue(client: ApiClient, stack: StackRecord, id: string): Promise<Verification> {
  return verifyAgainst(client, id, (venue) => readLedger(stack, venue));
}

/** Everything that a simulated venue has accepted, and what came of it. */
export async function readLedger(stack: StackRecord, venue: string): Promise<VenueLedger> {
  return (await callAdmin(venueOf(stack, venue), 'GET', '/ledger')) as VenueLedger;
}

/**
 * Holds an execution against a ledger. Our side comes from the API, the other from the venue's admin address: the API itself knows no
 * simulator.
 */
export async function verifyAgainst(
  client: ApiClient,
  id: string,
  ledgerOf: (venue: string) => Promise<VenueLedger>,
): Promise<Verification> {
  const path = `/v1/executions/${encodeURIComponent(id)}`;
  const fills = await client.all<FillView>(`${path}/fills`);
  const report = await client.get<ExecutionReport>(`${path}/report`);
  const instrument = await instrumentOf(client, report.venue.id, report.symbol);
  return verifyExecution({
    execution: {
      id: report.id,
      symbol: report.symbol,
      side: report.side,
      ordered: report.ordered,
      filled: report.filled,
      residual: report.residual,
      children: mostChildren(report.slices.length),
      clientOrderIds: [...new Set(report.slices.flatMap((slice) => slice.clientOrderIds))],
      slices: report.slices,
      isFinal: isFinal(report.status),
    },
    storedFills: fills,
    ledger: await ledgerOf(report.venue.id),
    instrument,
    sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  });
}

async function instrumentOf(client: ApiClient, venue: string, symbol: string): Promise<Instrument> {
  const listed = await client.all<Instrument>(`/v1/venues/${encodeURIComponent(venue)}/instruments`, {
    search: symbol,
  });
  const found = listed.find((each) => each.symbol === symbol);
  if (found === undefined) throw new Error(`the venue ${venue} lists no ${symbol}: its least order is not known`);
  return found;
}

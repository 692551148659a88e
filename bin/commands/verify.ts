import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import type { ExecutionReport } from '../../domain/execution/costs/report.ts';
import { type Verification, verifyExecution, type VerifyInput } from '../../domain/execution/verification/verify.ts';
import { callAdmin, venueOf } from '../stack/venue-admin.ts';
import { openClient } from '../terminal/client.ts';
import { JobFailed } from '../terminal/errors.ts';
import type { FillView } from '../terminal/execution-view.ts';
import { resolveHome } from '../terminal/home.ts';
import { type CommonOptions, listOf, print, withCommonOptions } from '../terminal/output.ts';
import { stackOf } from '../terminal/running-stack.ts';

/** Adds `tradewind verify`: hold an execution against the exchange's own ledger. */
export function register(program: Command): void {
  withCommonOptions(
    program
      .command('verify <id>')
      .description(
        "compare an execution with the simulated exchange's own ledger; exit code 6 unless they agree exactly",
      ),
  ).action(async (id: string, _own, command: Command) => {
    const options = command.optsWithGlobals<CommonOptions>();
    const verification = await verify(id, options);
    print(options, verification, () => readable(verification));
    if (!verification.exact) throw new JobFailed('the books differ');
  });
}

/** Our side comes from the API, the other from the venue's admin address: the API itself knows no simulator. */
async function verify(id: string, options: CommonOptions): Promise<Verification> {
  const client = openClient(options);
  const path = `/v1/executions/${encodeURIComponent(id)}`;
  const fills = await client.all<FillView>(`${path}/fills`);
  const report = await client.get<ExecutionReport>(`${path}/report`);
  const venue = venueOf(stackOf(resolveHome(options.home)), report.venue.id);
  const ledger = (await callAdmin(venue, 'GET', '/ledger')) as VerifyInput['ledger'];
  return verifyExecution({
    execution: {
      id: report.id,
      symbol: report.symbol,
      side: report.side,
      ordered: report.ordered,
      filled: report.filled,
      residual: report.residual,
      children: report.slices.length,
      clientOrderIds: [...new Set(report.slices.flatMap((slice) => slice.clientOrderIds))],
    },
    storedFills: fills,
    ledger,
    sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  });
}

function readable({ details, exact, ...counts }: Verification): string {
  return [
    listOf([
      ['ordered', counts.ordered],
      [
        'filled',
        `${counts.filled} by the exchange's ledger (${details.acceptedOrders} orders, ${details.ledgerTrades} trades)`,
      ],
      ['residual', counts.residual],
      ['duplicates', counts.duplicates],
      ['lost', counts.lost],
      ['double counted', counts.doubleCounted],
      ['exact', exact ? 'yes' : 'NO'],
    ]),
    ...details.findings.map((finding) => `${finding}\n`),
  ].join('');
}

import type { Command } from 'commander';
import type { Verification } from '../../domain/execution/verification/verify.ts';
import { openClient } from '../terminal/client.ts';
import { JobFailed } from '../terminal/errors.ts';
import { resolveHome } from '../terminal/home.ts';
import { type CommonOptions, listOf, print, withCommonOptions } from '../terminal/output.ts';
import { stackOf } from '../terminal/running-stack.ts';
import { verifyAtVenue } from '../terminal/verification.ts';

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
    const stack = stackOf(resolveHome(options.home));
    const verification = await verifyAtVenue(openClient(options), stack, id);
    print(options, verification, () => readable(verification));
    if (!verification.exact) throw new JobFailed('the books differ');
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
      ['overfilled', counts.overfilled],
      ['left open', counts.leftOpen],
      ['exact', exact ? 'yes' : 'NO'],
    ]),
    ...details.findings.map((finding) => `${finding}\n`),
  ].join('');
}

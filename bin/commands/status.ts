import type { Command } from 'commander';
import { addressBox } from '../stack/address-box.ts';
import type { StackRecord } from '../stack/stack-record.ts';
import { foreignOrdersLine } from '../terminal/foreign-orders-line.ts';
import { resolveHome } from '../terminal/home.ts';
import { listedNow } from '../terminal/listed-now.ts';
import { tableOf } from '../terminal/output.ts';
import { stackOf } from '../terminal/running-stack.ts';
import { type ListedStream, streamsView } from '../terminal/streams-view.ts';

/** Adds `tradewind status`: the addresses, processes and streams of the stack that runs in a home, and open orders of others on its accounts. */
export function register(program: Command): void {
  program
    .command('status')
    .description('show the addresses, processes and streams of the running stack')
    .option('--home <folder>', 'home of the stack (default: TRADEWIND_HOME, else .tradewind in the project)')
    .option('--json', 'print one JSON document')
    .action(async (_options: unknown, command: Command) => {
      const { home, json } = command.optsWithGlobals<{ home?: string; json?: boolean }>();
      const record = stackOf(resolveHome(home));
      if (json === true) {
        process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
        return;
      }
      const [streams, foreign] = await Promise.all([
        listedNow<ListedStream>(home, '/v1/streams'),
        listedNow<{ readonly venue: string }>(home, '/v1/reconciliations/foreign-orders?limit=1000'),
      ]);
      process.stdout.write(`${readable(record)}\n${streamsView(streams)}${foreignOrdersLine(foreign)}`);
    });
}

function readable(record: StackRecord): string {
  const rows = record.processes.map(({ name, pid, restarts, ready }) => [
    name,
    ready ? 'up' : pid === null ? 'down' : 'starting',
    pid,
    restarts,
  ]);
  return `${addressBox(record)}${tableOf(['process', 'state', 'pid', 'restarts'], rows)}`;
}

import type { Command } from 'commander';
import { addressBox } from '../stack/address-box.ts';
import type { StackRecord } from '../stack/stack-record.ts';
import { tableOf } from '../terminal/output.ts';
import { resolveHome } from '../terminal/home.ts';
import { stackOf } from '../terminal/running-stack.ts';
import { listedStreams, streamsView } from '../terminal/streams-view.ts';

/** Adds `tradewind status`: the addresses, processes and streams of the stack that runs in a home. */
export function register(program: Command): void {
  program
    .command('status')
    .description('show the addresses, processes and streams of the running stack')
    .option('--home <folder>', 'home of the stack (default: TRADEWIND_HOME, else .tradewind in the project)')
    .option('--json', 'print one JSON document')
    .action(async (_options: unknown, command: Command) => {
      const { home, json } = command.optsWithGlobals<{ home?: string; json?: boolean }>();
      const record = stackOf(resolveHome(home));
      if (json === true) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
      else process.stdout.write(`${readable(record)}\n${streamsView(await listedStreams(home))}`);
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

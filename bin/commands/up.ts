import { type Command, Option } from 'commander';
import { runDetached } from '../stack/detached.ts';
import { Stack } from '../stack/stack.ts';
import type { StackRecord } from '../stack/stack-record.ts';
import { addressBox } from '../stack/address-box.ts';
import { resolveHome } from '../terminal/home.ts';

interface UpOptions {
  readonly home?: string;
  readonly venues?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
}

/** Adds `tradewind up`: start the stack of a home and keep it running. */
export function register(program: Command): void {
  program
    .command('up')
    .description('start the stack: Temporal, Postgres, simulated venues, workers and API; keep it running until Ctrl-C')
    .option('--detach', 'return once the stack is ready and leave it running')
    .option('--venues <file>', 'JSON file that describes the simulated venues (default: one synthetic venue "sim")')
    .addOption(
      new Option('--home <folder>', 'folder for all state (default: TRADEWIND_HOME, else .tradewind in the project)'),
    )
    .option('--json', 'print one JSON document once the stack is ready')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<UpOptions>();
      const home = resolveHome(options.home);
      const show = (record: StackRecord) => {
        process.stdout.write(options.json === true ? `${JSON.stringify(record, null, 2)}\n` : addressBox(record));
      };
      if (options.detach === true) show(await runDetached(home, options.venues));
      else await runInForeground(home, options.venues, show);
    });
}

/** Writes one line for people; stdout stays free for the result. */
function say(line: string): void {
  process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${line}\n`);
}

async function runInForeground(
  home: string,
  venuesFile: string | undefined,
  show: (record: StackRecord) => void,
): Promise<void> {
  const { stack, venues } = await Stack.open({ home, venuesFile, say });
  const stopped = stopOnSignal(stack);
  try {
    show(await stack.start(venues));
  } catch (error) {
    // A stop that the user asked for while things came up is no failure.
    if (!stopped.asked) throw error;
  }
  await stopped.done;
}

/** Drains on the first signal and kills on the second. */
function stopOnSignal(stack: Stack): { readonly asked: boolean; readonly done: Promise<void> } {
  let signals = 0;
  const done = new Promise<void>((resolve) => {
    const stop = () => {
      signals += 1;
      if (signals === 2) {
        say('killing everything; what was under way is resumed at the next start');
        stack.kill();
      }
      if (signals > 1) return;
      say('stopping: draining the processes, the last started first (once more to kill them)');
      void stack.stop().then(() => {
        say('stopped');
        resolve();
      });
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
  return {
    get asked() {
      return signals > 0;
    },
    done,
  };
}

import { type Command, InvalidArgumentError } from 'commander';
import { addressBox } from '../stack/address-box.ts';
import { runDetached } from '../stack/detached.ts';
import { Stack } from '../stack/stack.ts';
import type { StackRecord } from '../stack/stack-record.ts';
import { resolveHome } from '../terminal/home.ts';
import { type CommonOptions, print, withCommonOptions } from '../terminal/output.ts';

interface UpOptions extends CommonOptions {
  readonly venues?: string;
  readonly workers?: number;
  readonly detach?: boolean;
}

/** More of a kind on one machine than anybody gains from. */
const MOST_WORKERS = 8;

/** Adds `tradewind up`: start the stack of a home and keep it running. */
export function register(program: Command): void {
  withCommonOptions(
    program
      .command('up')
      .description(
        'start the stack: Temporal, Postgres, simulated venues, workers and API; keep it running until Ctrl-C',
      )
      .option('--detach', 'return once the stack is ready and leave it running')
      .option(
        '--venues <file>',
        'JSON file that describes the simulated venues (default: those of the last start, else "sim")',
      )
      .option(
        '--workers <n>',
        'how many workers of each kind, so that one may die for good (default: 1)',
        parseWorkers,
      ),
  ).action(async (_own: unknown, command: Command) => {
    const options = command.optsWithGlobals<UpOptions>();
    const home = resolveHome(options.home);
    const show = (record: StackRecord) => print(options, record, () => addressBox(record));
    if (options.detach === true) show(await runDetached(home, options));
    else await runInForeground(home, options, show);
  });
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > MOST_WORKERS)
    throw new InvalidArgumentError(`"${text}" is no whole number from 1 to ${MOST_WORKERS}.`);
  return workers;
}

/** Writes one line for people, with the time of day; stdout stays free for the result. */
function say(line: string): void {
  process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${line}\n`);
}

async function runInForeground(
  home: string,
  { venues: venuesFile, workers }: UpOptions,
  show: (record: StackRecord) => void,
): Promise<void> {
  const { stack, venues } = await Stack.open({ home, venuesFile, workers, say });
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

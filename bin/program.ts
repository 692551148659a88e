import { Command, CommanderError } from 'commander';
import { register as backtest } from './commands/backtest.ts';
import { register as bench } from './commands/bench.ts';
import { register as calc } from './commands/calc.ts';
import { register as chaos } from './commands/chaos.ts';
import { register as data } from './commands/data.ts';
import { register as down } from './commands/down.ts';
import { register as events } from './commands/events.ts';
import { register as exec } from './commands/exec.ts';
import { register as keys } from './commands/keys.ts';
import { register as optimize } from './commands/optimize.ts';
import { register as orders } from './commands/orders.ts';
import { register as replay } from './commands/replay.ts';
import { register as risk } from './commands/risk.ts';
import { register as session } from './commands/session.ts';
import { register as sim } from './commands/sim.ts';
import { register as status } from './commands/status.ts';
import { register as up } from './commands/up.ts';
import { register as verify } from './commands/verify.ts';
import { exitCodeOf, JobFailed, problemDocument, readableProblem } from './terminal/errors.ts';

/** In the order in which the help lists them; a command is one file and one line here. */
const COMMANDS = [
  up,
  status,
  down,
  exec,
  verify,
  orders,
  risk,
  events,
  keys,
  data,
  backtest,
  optimize,
  session,
  sim,
  chaos,
  calc,
  bench,
  replay,
];

const EXIT_CODES = `
Exit codes: 0 ok, 1 internal, 2 bad input, 3 not found, 4 denied or conflict, 5 no stack, 6 the awaited job failed.
With --json exactly one document goes to stdout, a problem document when the command fails; everything else goes to stderr.`;

/** The command line without side effects: nothing runs before it is parsed. */
export function createProgram(): Command {
  const program = new Command('tradewind')
    .description('Durable trade execution: accepted once, executed once, whatever crashes in between')
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help for what can be given.')
    .exitOverride();
  for (const register of COMMANDS) register(program);
  return program;
}

/** Runs one command line (without `node` and script). Resolves with the exit code and never throws. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    // Help and version end a run like errors do, but are none; commander has already written what it has to say.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof JobFailed) return error.exitCode;
    const problem = problemDocument(error);
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify(problem, null, 2)}\n`);
    else if (!(error instanceof CommanderError)) process.stderr.write(readableProblem(problem));
    return exitCodeOf(error);
  }
}

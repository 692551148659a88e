/**
 * Runs a stack like `tradewind up`, with a wrong program in the place of every worker of a kind: `stack-with-mutant --home H --mutant NAME --of KIND --workers N [--without SERVICE]`.
 * Writes `ready` once it serves and drains on SIGTERM.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Service } from '../../bin/stack/service.ts';
import type * as Stacks from '../../bin/stack/stack.ts';
import { built } from './mutants/built.ts';

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    mutant: { type: 'string' },
    of: { type: 'string', default: 'venue' },
    workers: { type: 'string', default: '1' },
    without: { type: 'string' },
  },
});
const { home, mutant, of, workers, without } = values;
if (home === undefined || mutant === undefined) throw new Error('say --home and --mutant');
const entry = fileURLToPath(new URL(`./mutants/${mutant}.ts`, import.meta.url));
const { Stack } = await built<typeof Stacks>('bin/stack/stack.js');

/** The last argument of a launch is the program; tsx reads the wrong one, which then loads the built worker. */
function inPlaceOf(service: Service): Service {
  if (service.name.replace(/-\d+$/, '') !== of) return service;
  const { launch } = service;
  return { ...service, launch: { ...launch, args: [...launch.args.slice(0, -1), '--import', 'tsx', entry] } };
}

const { stack, venues } = await Stack.open({
  home,
  workers: Number(workers),
  compose: (services) => ({
    ...services,
    workers: services.workers.filter(({ name }) => name !== without).map(inPlaceOf),
  }),
  say: (line) => process.stderr.write(`${line}\n`),
});
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void stack.stop().then(() => process.exit(0)));
await stack.start(venues);
process.stdout.write('ready\n');

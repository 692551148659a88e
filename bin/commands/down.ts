import { setTimeout as delay } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { NoStack } from '../stack/failures.ts';
import { homeLayout } from '../stack/home-layout.ts';
import { endLeftovers } from '../stack/leftovers.ts';
import { isAlive } from '../stack/process-identity.ts';
import { lockHolder } from '../stack/process-lock.ts';
import { resolveHome } from '../terminal/home.ts';
import { type CommonOptions, print, say, withCommonOptions } from '../terminal/output.ts';

const POLL_MS = 100;
const REPORT_EVERY_MS = 5_000;

/** Adds `tradewind down`: drain the stack of a home and wait until it is gone. */
export function register(program: Command): void {
  withCommonOptions(program.command('down').description('stop the running stack and wait until it is down')).action(
    async (_own: unknown, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const home = resolveHome(options.home);
      print(options, await takeDown(home), () => `the stack in ${home} is down\n`);
    },
  );
}

async function takeDown(folder: string): Promise<unknown> {
  const layout = homeLayout(folder);
  const supervisor = lockHolder(layout.lock);
  if (supervisor === null) {
    // A killed supervisor leaves processes and a record; taking those away is what "down" means then.
    if ((await endLeftovers(layout.processesFile, say)) === 0) throw new NoStack(`no stack runs in ${folder}`);
    return { ready: false, home: folder, processes: [] };
  }
  process.kill(supervisor.pid, 'SIGTERM');
  const startedAt = performance.now();
  let reported = 0;
  while (isAlive(supervisor)) {
    await delay(POLL_MS);
    const waitedMs = performance.now() - startedAt;
    if (waitedMs - reported >= REPORT_EVERY_MS) {
      reported = waitedMs;
      say(`waiting for the stack to drain … ${Math.round(waitedMs / 1000)} s`);
    }
  }
  return JSON.parse(readFileSync(layout.stackFile, 'utf8'));
}
